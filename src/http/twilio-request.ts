import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { readText } from './read-text.ts';
import { isTwilios } from './twilio-signature.ts';

/**
 * What Twilio posted, once its signature over the public URL has been checked.
 * @throws MillraceError `FORBIDDEN` for what Twilio did not sign, or when no account is configured: nothing is stored.
 */
export async function twilioParams(ctx: Context, request: Request): Promise<URLSearchParams> {
  const { twilio, publicUrl } = ctx.environment;
  if (!twilio) throw new MillraceError('FORBIDDEN', 'No Twilio account is configured here: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.');
  const { pathname, search } = new URL(request.url);
  const params = new URLSearchParams(await readText(request));
  if (isTwilios(twilio.authToken, request.headers.get('x-twilio-signature'), publicUrl + pathname + search, params)) return params;
  ctx.logger.warn({ path: pathname }, 'a request that Twilio did not sign; PUBLIC_URL must be the address that Twilio was given');
  throw new MillraceError('FORBIDDEN', 'This request does not bear the signature of our Twilio account over our public URL.');
}

/** An answer in Twilio's markup that says and does nothing. */
export const noTwiml = (): Response =>
  new Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', { headers: { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' } });
