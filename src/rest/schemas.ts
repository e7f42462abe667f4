import { z } from 'zod';

/** Bodies and queries of REST. Every object is strict: an unknown key is refused. What a value may be beyond its shape, the services check. */

const uuid = z.guid('expected a uuid');
const data = z.record(z.string(), z.unknown());
/** PostgreSQL keeps no U+0000 in text and compares none with it: refused here, for values that are only looked for too. */
const text = z.string().refine((value) => !value.includes('\0'), 'the character U+0000 is not allowed');
const nullableText = text.nullable().optional();

/** `true`, `1` or an empty `?force` say yes. */
const flag = z.enum(['true', 'false', '1', '0', ''], 'expected true or false').transform((value) => value === 'true' || value === '1' || value === '').optional();
const whole = (name: string) => z.string().regex(/^\d{1,9}$/, `expected ${name}`).transform(Number);
const limit = whole('a number from 1 to 100').refine((value) => value >= 1 && value <= 100, 'expected a number from 1 to 100').optional();
const page = { limit, cursor: z.string().min(1).max(200).optional() };
const moment = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'expected a moment such as 2026-03-02T09:00:00Z').transform((value) => Date.parse(value)).optional();

export const nothing = z.strictObject({}).prefault({});
export const noQuery = z.strictObject({});

const channel = z.enum(['email', 'sms', 'voice', 'webhook']);
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
});
export const newContactQuery = z.strictObject({ upsert: flag, source: z.enum(['api', 'import']).optional() });
export const contactsQuery = z.strictObject({ q: text.max(200).optional(), email: text.max(320).optional(), tag: text.max(200).optional(), ...page });
export const consentBody = z.strictObject({ channel, consent: agreement });

export const workflowsQuery = z.strictObject({ status: z.enum(['draft', 'active', 'paused', 'archived']).optional(), q: text.max(200).optional(), ...page });
export const archiveQuery = z.strictObject({ force: flag });
const policy = { policy: z.enum(['finish_on_old', 'migrate', 'exit']).optional(), step_map: z.record(z.string(), z.string()).optional() };
export const publishBody = z.strictObject(policy).prefault({});
export const rollbackBody = z.strictObject({ ...policy, version: z.number().int().min(1).optional() }).prefault({});
export const resumeBody = z.strictObject({ mode: z.enum(['catch_up', 'shift', 'skip_overdue']).optional() }).prefault({});
export const importQuery = z.strictObject({ dryRun: flag, workflow: uuid.optional(), force: flag });
export const exportQuery = z.strictObject({ format: z.enum(['yaml', 'json', 'canvas']).optional(), version: whole('a version number').optional(), explicit: flag });
export const statsQuery = z.strictObject({ from: moment, to: moment, version: whole('a version number').optional() });
export const validateQuery = z.strictObject({ strict: flag });

export const enrollBody = z.strictObject({
  contact_id: uuid.optional(),
  contact_ids: z.array(uuid).min(1).max(10_000).optional(),
  contact: contactBody.optional(),
  initial_data: data.optional(),
}).refine((body) => [body.contact_id, body.contact_ids, body.contact].filter((one) => one !== undefined).length === 1, 'expected exactly one of contact_id, contact_ids and contact');

const enrollmentStatus = z.enum(['active', 'completed', 'exited', 'failed']);
export const enrollmentsQuery = z.strictObject({ status: enrollmentStatus.optional(), contact_id: uuid.optional(), current_step: text.max(100).optional(), ...page });
export const exitBody = z.strictObject({ reason: text.max(500).nullable().optional() }).prefault({});
export const moveBody = z.strictObject({ step_id: text.min(1).max(100) });
const bulkFilter = {
  status: enrollmentStatus.optional(), current_step: text.max(100).optional(), contact_id: uuid.optional(), enrolled_before: moment, enrolled_after: moment, dry_run: z.boolean().optional(),
};
export const bulkBody = z.strictObject(bulkFilter).prefault({});
export const bulkMoveBody = z.strictObject({ ...bulkFilter, step_id: text.min(1).max(100) });
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
}).prefault({});

export const eventBody = z.strictObject({
  contact_id: uuid.optional(), email: text.max(320).optional(), phone: text.max(64).optional(), occurred_at: moment, name: text.min(1).max(50), data: data.optional(), event_id: text.min(1).max(200).optional(), source: text.min(1).max(50).optional(),
}).refine((body) => [body.contact_id, body.email, body.phone].filter((one) => one !== undefined).length === 1, 'expected exactly one of contact_id, email and phone');

export const locationBody = z.strictObject({
  name: text.min(1).max(255).optional(),
  timezone: text.max(64).optional(),
  calendar: z.strictObject({ weekly: z.record(text, z.array(z.tuple([text, text]))).optional(), holidays: z.array(text).optional() }).optional(),
  defaults: data.optional(),
});

const templateChannel = z.enum(['email', 'sms']);
export const templateBody = z.strictObject({ slug: text, channel: templateChannel, name: nullableText, subject: nullableText, html: nullableText, text: nullableText, message: nullableText });
export const templatesQuery = z.strictObject({ channel: templateChannel.optional(), ...page });
export const voicemailBody = z.strictObject({ slug: text, audio_url: text, name: nullableText });
export const webhookSecretBody = z.strictObject({ secret: text.optional(), remove: z.boolean().optional() }).prefault({});
export const refusalsQuery = z.strictObject({ contact_id: uuid.optional(), ...page });
export const explainQuery = z.strictObject({ contact_id: uuid.optional() });
export const secretBody = z.strictObject({ value: text });
export const pageQuery = z.strictObject({ ...page });
