import { z } from 'zod';
import { defineTrigger } from './define-trigger.ts';

const config = z.strictObject({
  match_by: z.enum(['email', 'phone', 'contact_id']).default('email').describe('What in the body says whom it is about.'),
  create_contact: z.boolean().default(false).describe('Make a contact of whoever is not known yet.'),
});
export type WebhookTrigger = z.output<typeof config>;

/** Posts are told apart by their source: each workflow has an address, and hears of nobody else's. */
export const webhookSource = (workflowId: string): string => `webhook:${workflowId}`;

/** `match_by` and `create_contact` are the door's: it has found or made the contact before the event is told. */
export const webhook = defineTrigger<WebhookTrigger>({
  type: 'webhook',
  summary: "Something was posted to the workflow's own address.",
  icon: 'webhook',
  config,
  events: ['webhook'],
  key: (_config, workflowId) => webhookSource(workflowId),
  keyOf: ({ source }) => source,
});
