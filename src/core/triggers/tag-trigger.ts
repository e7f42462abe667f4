import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';

const config = z.strictObject({ tag: z.string().min(1).optional().describe('This tag alone; any, unless said.') });

/** A trigger on one tag, or on any when the config names none. */
export const tagTrigger = (type: 'tag_added' | 'tag_removed', summary: string) =>
  defineTrigger<z.output<typeof config>>({
    type,
    summary,
    icon: 'tag',
    config,
    events: [type],
    key: ({ tag }) => tag ?? null,
    keyOf: (event) => (typeof event.data['tag'] === 'string' ? event.data['tag'] : null),
    matches: ({ tag }, event) => tag === undefined || event.data['tag'] === tag,
  });
