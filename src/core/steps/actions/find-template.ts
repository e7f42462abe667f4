import type { TemplateAsset } from '../../state.ts';
import type { Scope } from '../../templates/scope.ts';

/** The location's template of that slug or id, when it is one for this channel. */
export function findTemplate(name: string, channel: TemplateAsset['channel'], { assets: { templates } }: Scope): TemplateAsset | undefined {
  const found = Object.hasOwn(templates, name) ? templates[name] : Object.values(templates).find(({ id }) => id === name);
  return found?.channel === channel ? found : undefined;
}
