import type { Context } from '../context.ts';
import { emailHook } from './email-hook.ts';
import { twilioSms } from './twilio-sms.ts';
import { twilioStatus } from './twilio-status.ts';
import { twilioVoice } from './twilio-voice.ts';
import { unsubscribe } from './unsubscribe.ts';
import { workflowHook } from './workflow-hook.ts';

const POSTED: Record<string, (ctx: Context, request: Request) => Promise<Response>> = {
  '/hooks/twilio/sms': twilioSms,
  '/hooks/twilio/status': twilioStatus,
  '/hooks/twilio/voice': twilioVoice,
  '/hooks/email': emailHook,
};

/** The doors for those who report to us: other systems under `/hooks/`, and readers of mail under `/u/`. Null for any other path. */
export async function hooks(ctx: Context, request: Request, pathname: string): Promise<Response | null> {
  const [, reader] = /^\/u\/([^/]+)$/.exec(pathname) ?? [];
  if (reader) return unsubscribe(ctx, request, reader);
  const [, token] = /^\/hooks\/w\/([^/]+)$/.exec(pathname) ?? [];
  const posted = Object.hasOwn(POSTED, pathname) ? POSTED[pathname] : undefined;
  if (!token && !posted) return null;
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
  return token ? workflowHook(ctx, request, token) : posted!(ctx, request);
}
