import { z } from 'zod';
import { writeTags } from '../../contact-changes.ts';
import { printValue } from '../../templates/print.ts';
import { renderValue } from '../../templates/render.ts';
import { proceed, type Verdict } from '../../verdict.ts';
import type { Moment } from '../define-step.ts';

const tag = z.string().min(1).max(100);

/** The config of both tag steps: one `tag`, or several `tags`. */
export const tagConfig = z
  .strictObject({ tag: tag.optional(), tags: z.array(tag).min(1).max(100).optional() })
  .refine((c) => (c.tag === undefined) !== (c.tags === undefined), { error: 'Give either tag, or tags with a list.' });
export type TagConfig = z.output<typeof tagConfig>;

/** Adds or removes the config's tags; an event tells of each tag that really appeared or went. */
export function changeTags(direction: 'add' | 'remove', config: TagConfig, { scene, scope }: Moment): Verdict {
  // A text that is exactly one expression may be a list: each of its items is a tag.
  const tags = [renderValue(config.tags ?? config.tag, scope)].flat(2).map(printValue).filter((text) => text.trim() !== '');
  const { contact, added, removed } = writeTags(scene.contact, direction === 'add' ? tags : [], direction === 'remove' ? tags : []);
  const events = [...added.map((name) => ({ type: 'tag_added', data: { tag: name } })), ...removed.map((name) => ({ type: 'tag_removed', data: { tag: name } }))];
  const changed = [...added, ...removed];
  return changed.length === 0 ? proceed('next', { changed }) : proceed('next', { changed }, { contact, events });
}
