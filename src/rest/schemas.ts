import { z } from 'zod';
import { channelNames } from '../core/state.ts';

/** Bodies and queries of REST. Every object is strict: an unknown key is refused. What a value may be beyond its shape, the services check. */

const uuid = z.guid('expected a uuid');
const data = z.record(z.string(), z.unknown());
/** PostgreSQL keeps no U+0000 in text and compares none with it: refused here, for values that are only looked for too. */
const text = z.string().refine((value) => !value.includes('\0'), 'the character U+0000 is not allowed');
const nullableText = text.nullable().optional();

/** `true`, `1` or an empty `?force` say yes. */
const flag = z.enum(['true', 'false', '1', '0', ''], 'expected true or false').transform((value) => value === 'true' || value === '1' || value === '').optional();
const whole = (name: string) => z.string().regex(/^\d{1,9}$/, `expected ${name}`).transform(Number);
const said = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });
const pageSize = whole('a number from 1 to 100').refine((value) => value >= 1 && value <= 100, 'expected a number from 1 to 100');
const limit = said(pageSize.optional(), 'Entries of a page: 1 to 100, 25 unless said.');
const page = { limit, cursor: said(z.string().min(1).max(200).optional(), 'The `next_cursor` of the page before.') };
const moment = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'expected a moment such as 2026-03-02T09:00:00Z').transform((value) => Date.parse(value)).optional();

const onlyOne = (values: unknown[]): boolean => values.filter((value) => value !== undefined).length === 1;

export const nothing = z.strictObject({}).prefault({});
export const noQuery = z.strictObject({});

const channel = z.enum(channelNames);
const agreement = z.enum(['given', 'withdrawn']);

export const contactBody = z.strictObject({
  first_name: nullableText,
  last_name: nullableText,
  email: nullableText,
  phone: nullableText,
  timezone: nullableText,
  tags: z.array(text).max(500).optional(),
  custom_fields: data.optional(),
  consent: z.partialRecord(channel, agreement).optional(),
}).meta({
  id: 'ContactInput',
  examples: [{ first_name: 'Ana', email: 'ana@example.com', phone: '+15555550123', timezone: 'Europe/Madrid', tags: ['lead'], custom_fields: { plan: 'pro' } }],
});
export const newContactQuery = z.strictObject({ upsert: said(flag, 'Update the contact with this e-mail if there is one.'), source: z.enum(['api', 'import']).optional() });
export const contactsQuery = z.strictObject({
  q: said(text.max(200).optional(), 'Part of a name, an e-mail address or a phone number.'),
  email: said(text.max(320).optional(), 'This address.'),
  tag: said(text.max(200).optional(), 'This tag.'),
  ...page,
});
export const consentBody = z.strictObject({ channel, consent: agreement }).meta({ examples: [{ channel: 'sms', consent: 'withdrawn' }] });

export const workflowsQuery = z.strictObject({ status: z.enum(['draft', 'active', 'paused', 'archived']).optional(), q: text.max(200).optional(), ...page });
export const archiveQuery = z.strictObject({ force: said(flag, 'Archive although people are inside: they exit.') });
const policy = { policy: z.enum(['finish_on_old', 'migrate', 'exit']).optional(), step_map: z.record(z.string(), z.string()).optional() };
export const publishBody = z.strictObject(policy).prefault({}).meta({ examples: [{ policy: 'migrate', step_map: { old_step: 'new_step' } }] });
export const rollbackBody = z.strictObject({ ...policy, version: z.number().int().min(1).optional() }).prefault({});
export const resumeBody = z.strictObject({ mode: z.enum(['catch_up', 'shift', 'skip_overdue']).optional() }).prefault({});
export const importQuery = z.strictObject({
  dryRun: said(flag, 'Only validate; nothing is stored.'),
  workflow: said(uuid.optional(), 'The workflow to update. Without it a new one is made.'),
  force: said(flag, 'Import over a newer version.'),
});
export const exportQuery = z.strictObject({
  format: z.enum(['yaml', 'json', 'canvas']).optional(),
  version: said(whole('a version number').optional(), 'The newest one unless said.'),
  explicit: said(flag, 'Write every inferred `next` out.'),
});
export const statsQuery = z.strictObject({ from: moment, to: moment, version: whole('a version number').optional() });
export const validateQuery = z.strictObject({ strict: said(flag, 'Count warnings as errors.') });

export const enrollBody = z.strictObject({
  contact_id: uuid.optional(),
  contact_ids: z.array(uuid).min(1).max(10_000).optional(),
  contact: contactBody.optional(),
  initial_data: data.optional(),
}).refine(({ contact_id, contact_ids, contact }) => onlyOne([contact_id, contact_ids, contact]), 'expected exactly one of contact_id, contact_ids and contact').meta({
  examples: [{ contact: { first_name: 'Ana', email: 'ana@example.com' }, initial_data: { source: 'fair' } }],
});

const enrollmentStatus = z.enum(['active', 'completed', 'exited', 'failed']);
export const enrollmentsQuery = z.strictObject({ status: enrollmentStatus.optional(), contact_id: uuid.optional(), current_step: text.max(100).optional(), ...page });
export const exitBody = z.strictObject({ reason: text.max(500).nullable().optional() }).prefault({}).meta({ examples: [{ reason: 'called back' }] });
export const moveBody = z.strictObject({ step_id: text.min(1).max(100) }).meta({ examples: [{ step_id: 'bye' }] });
const bulkFilter = {
  status: enrollmentStatus.optional(),
  current_step: text.max(100).optional(),
  contact_id: uuid.optional(),
  enrolled_before: moment,
  enrolled_after: moment,
  dry_run: z.boolean().optional(),
};
export const bulkBody = z.strictObject(bulkFilter).prefault({});
export const bulkMoveBody = z.strictObject({ ...bulkFilter, step_id: text.min(1).max(100) }).meta({ examples: [{ current_step: 'pause', step_id: 'bye', dry_run: true }] });
export const bulkExitBody = z.strictObject({ ...bulkFilter, reason: text.max(500).nullable().optional() }).prefault({});
export const feedQuery = z.strictObject({ cursor: page.cursor });
export const logsQuery = z.strictObject({ ...page });

export const testBody = z.strictObject({
  mode: z.enum(['simulate', 'explore', 'scenarios', 'persona']).optional(),
  contact: z.union([text, data]).nullable().optional(),
  events: z.array(data).max(1000).optional(),
  start: z.union([text, z.number()]).nullable().optional(),
  initial_data: data.optional(),
  max_days: z.number().positive().max(3650).optional(),
}).prefault({}).meta({
  examples: [{ mode: 'simulate', contact: { first_name: 'Ana', email: 'ana@example.com' }, start: '2026-03-02T09:00:00Z', events: [{ after: '3h', type: 'replied' }] }],
});

export const eventBody = z.strictObject({
  contact_id: uuid.optional(),
  email: text.max(320).optional(),
  phone: text.max(64).optional(),
  occurred_at: moment,
  name: text.min(1).max(50),
  data: data.optional(),
  event_id: text.min(1).max(200).optional(),
  source: text.min(1).max(50).optional(),
}).refine(({ contact_id, email, phone }) => onlyOne([contact_id, email, phone]), 'expected exactly one of contact_id, email and phone').meta({
  examples: [{ email: 'ana@example.com', name: 'paid', data: { amount: 30 }, event_id: 'order-17' }],
});

export const locationBody = z.strictObject({
  name: text.min(1).max(255).optional(),
  timezone: text.max(64).optional(),
  calendar: z.strictObject({ weekly: z.record(text, z.array(z.tuple([text, text]))).optional(), holidays: z.array(text).optional() }).optional(),
  defaults: data.optional(),
}).meta({ examples: [{ timezone: 'Europe/Madrid', calendar: { weekly: { mon: [['09:00', '17:00']] }, holidays: ['2026-12-25'] } }] });

const templateChannel = z.enum(['email', 'sms']);
export const templateBody = z.strictObject({
  slug: text, channel: templateChannel, name: nullableText, subject: nullableText, html: nullableText, text: nullableText, message: nullableText,
}).meta({ examples: [{ slug: 'welcome', channel: 'email', subject: 'Hello {{contact.first_name}}', html: '<p>Hello</p>' }] });
export const templatesQuery = z.strictObject({ channel: templateChannel.optional(), ...page });
export const voicemailBody = z.strictObject({ slug: text, audio_url: text, name: nullableText })
  .meta({ examples: [{ slug: 'intro', audio_url: 'https://example.com/intro.mp3' }] });
export const webhookSecretBody = z.strictObject({ secret: text.optional(), remove: z.boolean().optional() }).prefault({});
export const refusalsQuery = z.strictObject({ contact_id: uuid.optional(), ...page });
export const explainQuery = z.strictObject({ contact_id: uuid.optional() });
export const secretBody = z.strictObject({ value: text }).meta({ examples: [{ value: 'a long and random text' }] });
export const pageQuery = z.strictObject({ ...page });
