import { z } from 'zod';
import { isCustomEvent } from '../event-types.ts';
import { defineTrigger } from './define-trigger.ts';

const config = z.strictObject({
  name: z.string().min(1).max(50).refine(isCustomEvent, 'this is told by the engine itself: use the trigger of that name').optional().describe('Events of this name alone.'),
});

/** A custom event of one name, or of any when the config names none. */
export const event = defineTrigger<z.output<typeof config>>({
  type: 'event',
  summary: 'An event of your own was posted for the contact.',
  icon: 'zap',
  config,
  events: [],
  listens: ({ name }) => [name ?? '*'],
});
