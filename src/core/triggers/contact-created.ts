import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';

export const contactCreated = defineTrigger({
  type: 'contact_created',
  summary: 'A contact was created.',
  icon: 'user-plus',
  config: z.strictObject({}),
  events: ['contact_created'],
});
