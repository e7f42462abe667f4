import { pathsOf } from '../../templates/parse.ts';
import type { Assets } from '../../state.ts';
import type { Finding } from '../definition.ts';
import { nearestWithin } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';
import { textsOf } from './texts.ts';
import type { Text } from './texts.ts';

/** Where assets are named: by a root of templates, or plainly by a key of a config. */
const KINDS = [
  { root: 'templates', key: 'template_id', rule: 'unknown_template', what: 'template' },
  { root: 'voicemails', key: 'voicemail_drop_id', rule: 'unknown_voicemail', what: 'voicemail' },
] as const;

export const unknownAsset: LintRule = {
  id: 'unknown_template',
  severity: 'error',
  docs: 'A template or a voicemail that this location does not have (`unknown_template`, `unknown_voicemail`): the step would fail.',
  example: `- { id: welcome, type: send_email, config: { template_id: welcom } }`,
  fixes: 'Writes the nearest slug.',
  check: ({ definition, assets }) => (assets === null ? [] : textsOf(definition).flatMap((text) => KINDS.flatMap((kind) => missing(text, kind, assets)))),
};

function missing({ text, path, key, step }: Text, kind: (typeof KINDS)[number], assets: Assets): Finding[] {
  const known = assets[kind.root];
  const ids = new Set([...Object.keys(known), ...Object.values(known).map(({ id }) => id)]);
  const slugs = pathsOf(text).flatMap(([root, slug]) => (root === kind.root && slug !== undefined ? [slug] : []));
  const plain = step !== null && key === kind.key && !text.includes('{{') ? [text] : [];
  return [...slugs, ...plain]
    .filter((slug) => !ids.has(slug))
    .map((slug) => ({
      rule: kind.rule,
      path,
      message: `There is no ${kind.what} "${slug.slice(0, 100)}" in this location.`,
      hint: suggest(slug, Object.keys(known)) ?? `Create the ${kind.what} first, then publish.`,
      fix: nearestWithin(path, text, slug, Object.keys(known)),
    }));
}
