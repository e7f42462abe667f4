import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';

/** The contact can be read once more; of what would reach somebody only webhooks leave. */
export const contactDeleted = defineTrigger({
  type: 'contact_deleted',
  summary: 'A contact was deleted.',
  icon: 'user-x',
  config: z.strictObject({}),
  events: ['contact_deleted'],
});
