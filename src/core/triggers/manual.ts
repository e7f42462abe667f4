import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';

export const manual = defineTrigger({
  type: 'manual',
  summary: 'Somebody enrolls contacts through the API: those whom its filters let through.',
  icon: 'hand',
  config: z.strictObject({}),
  events: [],
});
