import { findStep } from '../../steps/index.ts';
import type { Finding } from '../definition.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';

export const unknownWorkflow: LintRule = {
  id: 'unknown_workflow',
  severity: 'error',
  docs: 'A step that starts or stops a workflow which this location does not have: the step would fail.',
  check: ({ definition, workflows }) => {
    if (workflows === null) return [];
    const known = new Set([definition.name, ...workflows.flatMap(({ id, slug, name }) => [id, slug, name])]);
    return definition.steps.flatMap(({ type, config, written, path }): Finding[] => {
      const ref = findStep(type)?.workflow?.(config);
      if (ref === undefined || ref.includes('{{') || known.has(ref)) return [];
      const key = Object.keys(written).find((name) => written[name] === ref);
      return [{ path: [...path, 'config', ...(key === undefined ? [] : [key])], message: `There is no workflow "${ref.slice(0, 100)}" in this location.`, hint: suggest(ref, workflows.flatMap(({ slug, name }) => [slug, name])) ?? 'Create the workflow first, then publish.' }];
    });
  },
};
