import { z } from 'zod';
import { writeTags } from '../../contact-changes.ts';
import { renderText } from '../../templates/render.ts';
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
  const tags = (config.tags ?? [config.tag ?? '']).map((text) => renderText(text, scope)).filter((text) => text !== '');
  const { contact, added, removed } = writeTags(scene.contact, direction === 'add' ? tags : [], direction === 'remove' ? tags : []);
  const events = [...added.map((name) => ({ type: 'tag_added', data: { tag: name } })), ...removed.map((name) => ({ type: 'tag_removed', data: { tag: name } }))];
  const changed = [...added, ...removed];
  return changed.length === 0 ? proceed('next', { changed }) : proceed('next', { changed }, { contact, events });
}
