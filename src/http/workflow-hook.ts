import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { openHook, receiveHook } from '../services/workflow-hooks.ts';
import { readJsonObject, readText } from './read-text.ts';
import { checkWebhook } from './standard-webhooks.ts';

/**
 * `POST /hooks/w/<token>`: starts a workflow for the contact that the body names. 202 with the event; the same `webhook-id` again is the same event.
 * @throws MillraceError `FORBIDDEN` for a forged or rotated token, or a wrong signature where the workflow has a secret: nothing is stored.
 */
export async function workflowHook(ctx: Context, request: Request, token: string): Promise<Response> {
  const hook = await openHook(ctx, token);
  if (!hook) throw new MillraceError('FORBIDDEN', 'This address is none of ours, or was replaced by a new one: read `webhookUrl` of the workflow again.');
  const text = await readText(request);
  if (hook.secret !== null) checkWebhook(request.headers, text, hook.secret, ctx.clock.machineNow());
  const body = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '') ? fieldsOf(text) : readJsonObject(text);
  const key = request.headers.get('webhook-id') ?? request.headers.get('idempotency-key');
  const event = await receiveHook(ctx, { locationId: hook.locationId, workflowId: hook.workflowId, body, key: key && key.slice(0, 255) });
  return Response.json({ event_id: event.id, contact_id: event.contactId, created: event.created }, { status: 202, headers: { 'cache-control': 'no-store' } });
}

/** What a plain HTML form posts. Read as JSON is, so that the same keys are refused. */
const fieldsOf = (text: string): Record<string, unknown> => readJsonObject(JSON.stringify(Object.fromEntries(new URLSearchParams(text))));
