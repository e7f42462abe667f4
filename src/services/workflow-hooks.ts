import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { HookRecord } from '../core/ports/hook-desk.ts';
import type { EventRecord } from '../core/ports/records.ts';
import type { Contact, Data } from '../core/state.ts';
import { webhookSource, type WebhookTrigger } from '../core/triggers/webhook.ts';
import { postedContact, postedKey } from '../core/webhook-contact.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { openWorkflow } from './admission.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { contactInput, creationEvents, newContact } from './contact-input.ts';
import { ringEvents } from './doorbells.ts';
import { invalidInput, parseInput, plainText } from './parse-input.ts';

/** A workflow's own address. `signed` says whether posts need a signature. */
export interface WorkflowHook {
  url: string;
  signed: boolean;
}

/** The address that starts the workflow (`write`: whoever knows it can start it). Throws NOT_FOUND, FORBIDDEN. */
export async function workflowHook(ctx: Context, who: Caller, input: { workflowId: string }): Promise<WorkflowHook> {
  await hookDesk(ctx, who, input.workflowId);
  return (await workflowHooks(ctx, who, [input.workflowId])).get(input.workflowId)!;
}

/** The same for workflows of the location that the caller has just read, by their ids. Throws FORBIDDEN. */
export async function workflowHooks(ctx: Context, who: Caller, workflowIds: string[]): Promise<Map<string, WorkflowHook>> {
  const hooks = await deskFor(ctx, who, 'write').readHooks(workflowIds);
  return new Map([...hooks].map(([id, hook]) => [id, shown(ctx, id, hook)]));
}

/** Gives the workflow a new address; the old one is void at once. Throws NOT_FOUND. */
export async function rotateWebhookUrl(ctx: Context, who: Caller, input: { workflowId: string }): Promise<WorkflowHook> {
  const desk = await hookDesk(ctx, who, input.workflowId);
  return shown(ctx, input.workflowId, await desk.writeHook(input.workflowId, { rotate: true }, auditLine(who, 'webhook.rotate', input.workflowId)));
}

/** A `whsec_` secret is its bytes: text that is no base64 would be read as fewer of them, or none, and anybody could sign. */
const isStrong = (value: string): boolean => !value.startsWith('whsec_') || (BASE64.test(value.slice(6)) && Buffer.from(value.slice(6), 'base64').length >= 16);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const secretSchema = plainText(512)
  .refine((value) => value.length >= 16, 'expected at least 16 characters')
  .refine(isStrong, 'after whsec_ expected the base64 of at least 16 bytes; leave the secret out to have one drawn');

/**
 * From now on posts must be signed with a secret: the given one, or a new one (`whsec_…`). `remove` takes it away.
 * `secret` is shown this once. Throws NOT_FOUND, INVALID_INPUT.
 */
export async function setWebhookSecret(
  ctx: Context, who: Caller, input: { workflowId: string; secret?: string | null; remove?: boolean },
): Promise<WorkflowHook & { secret: string | null }> {
  const desk = await hookDesk(ctx, who, input.workflowId);
  if (input.remove && input.secret) throw invalidInput('webhook secret', [{ path: ['remove'], message: 'either give a secret or remove it' }]);
  const given = parseInput(z.object({ secret: secretSchema.nullish() }), { secret: input.secret }, 'webhook secret').secret ?? null;
  const secret = input.remove ? null : (given ?? `whsec_${randomBytes(24).toString('base64')}`);
  const cipher = secret === null ? null : ctx.vault.seal(hookPlace(input.workflowId), secret);
  const hook = await desk.writeHook(input.workflowId, { cipher }, auditLine(who, secret === null ? 'webhook.unsign' : 'webhook.sign', input.workflowId));
  return { ...shown(ctx, input.workflowId, hook), secret };
}

/** Who is behind a hook's token, with the secret that its posts are signed with; null for a forged or rotated one. */
export async function openHook(ctx: Context, token: string): Promise<{ locationId: string; workflowId: string; secret: string | null } | null> {
  const [, workflowId, generation] = /^(\S+) (\d+)$/.exec(ctx.tokens.verify('hook', token) ?? '') ?? [];
  const locationId = workflowId && isUuid(workflowId) ? await ctx.desk.findWorkflowLocation(workflowId) : null;
  if (!workflowId || !locationId) return null;
  const hook = (await ctx.desk(locationId).readHooks([workflowId])).get(workflowId)!;
  if (hook.generation !== Number(generation)) return null;
  return { locationId, workflowId, secret: hook.cipher && ctx.vault.open(hookPlace(workflowId), hook.cipher) };
}

/**
 * Takes a post to a workflow's own address: finds its contact as the trigger says (or makes it), and tells a `webhook` event that holds the body.
 * `key` makes it one event however often it comes. Throws WORKFLOW_NOT_ACTIVE, INVALID_STATE when the workflow has no such trigger,
 * INVALID_INPUT without something to match by, NOT_FOUND when nobody matches.
 */
export async function receiveHook(ctx: Context, input: { locationId: string; workflowId: string; body: Data; key: string | null }): Promise<EventRecord> {
  const who: Caller = { locationId: input.locationId, actor: 'webhook', scopes: ['write'] };
  const { program, workflow } = await openWorkflow(ctx, who, input.workflowId);
  const trigger = program.triggers.find(({ type }) => type === 'webhook');
  if (!trigger) throw new MillraceError('INVALID_STATE', `Workflow "${workflow.name}" has no webhook trigger. Add one to its definition and publish it.`);
  const contact = await contactFor(ctx, who, input.workflowId, trigger.config as WebhookTrigger, input.body);
  const event = await ctx.desk(who.locationId).recordEvent(contact.id, {
    type: 'webhook', source: webhookSource(input.workflowId), data: input.body, depth: 0, key: input.key, at: null,
  });
  if (event.created) ringEvents(ctx);
  return event;
}

async function contactFor(ctx: Context, who: Caller, workflowId: string, { match_by: by, create_contact: create }: WebhookTrigger, body: Data): Promise<Contact> {
  const desk = ctx.desk(who.locationId);
  const key = postedKey(body, by);
  if (key === null) throw invalidInput('post', [{ path: [by], message: `is needed: the workflow finds its contact by ${by}` }]);
  const checked = by === 'contact_id' ? null : parseInput(contactInput, postedContact(body), 'contact');
  const find = {
    email: () => desk.findContactByEmail(checked?.email ?? key),
    phone: () => desk.findContactByPhone(checked?.phone ?? key),
    contact_id: async () => (isUuid(key) ? desk.findContact(key) : null),
  };
  const known = await find[by]();
  if (known) return known;
  if (!create || !checked) throw new NotFoundError('contact', key.slice(0, 320));
  const audit = auditLine(who, 'contact.create', '', { workflow_id: workflowId });
  const { contact, existing } = await desk.insertContact(newContact(checked), (made) => creationEvents(made, 'webhook'), audit);
  if (!existing) ringEvents(ctx);
  return contact;
}

async function hookDesk(ctx: Context, who: Caller, workflowId: string) {
  const desk = deskFor(ctx, who, 'write');
  const workflow = isUuid(workflowId) ? await desk.findWorkflow({ id: workflowId }) : null;
  if (!workflow) throw new NotFoundError('workflow', workflowId);
  return desk;
}

const hookPlace = (workflowId: string): string => `hook/${workflowId}`;

const shown = (ctx: Context, workflowId: string, { generation, cipher }: HookRecord): WorkflowHook => ({
  url: `${ctx.environment.publicUrl}/hooks/w/${ctx.tokens.sign('hook', `${workflowId} ${generation}`)}`,
  signed: cipher !== null,
});
