import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { EMAIL_HOOK_SECRET, emailHookSecret, emailReportLocation, readEmailReport, receiveEmailReport } from '../services/inbound-email.ts';
import { readJsonObject, readText } from './read-text.ts';
import { checkWebhook } from './standard-webhooks.ts';

/**
 * `POST /hooks/email`: a mail was delivered, bounced, called spam, or came in. Signed by Standard Webhooks with the location's secret `email_hook`;
 * `?location=<id>` names the location where no Message-ID of ours does. 202, also when it concerns nobody here.
 * @throws MillraceError `FORBIDDEN` for what is not signed: nothing is stored.
 */
export async function emailHook(ctx: Context, request: Request): Promise<Response> {
  const text = await readText(request);
  const report = readEmailReport(readJsonObject(text));
  const named = new URL(request.url).searchParams.get('location');
  const locationId = await emailReportLocation(ctx, report, named !== null && isUuid(named) ? named : null);
  const secret = locationId === null ? null : await emailHookSecret(ctx, locationId);
  if (locationId === null || secret === null) {
    const what = `Mail reports are taken once the location has a secret named "${EMAIL_HOOK_SECRET}" (putSecret) that they are signed with.`;
    throw new MillraceError('FORBIDDEN', `${what} With several locations add ?location=<id> to the address.`);
  }
  checkWebhook(request.headers, text, secret, ctx.clock.machineNow());
  const event = await receiveEmailReport(ctx, locationId, report, request.headers.get('webhook-id') ?? '');
  return Response.json({ event_id: event?.id ?? null, created: event?.created ?? false }, { status: 202, headers: { 'cache-control': 'no-store' } });
}
