import { createHmac, timingSafeEqual } from 'node:crypto';
import { MillraceError } from '../errors.ts';

/** How far the sender's clock may be from ours, in seconds: what was heard longer ago may be somebody repeating it. */
const TOLERANCE_S = 300;

/**
 * Checks a signature of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.
 * @param secret `whsec_` and base64, or any text.
 * @param now machine ms.
 * @throws MillraceError `FORBIDDEN` when headers are missing, the moment is more than five minutes off, or no signature fits.
 */
export function checkWebhook(headers: Headers, body: string, secret: string, now: number): void {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers.get(name) ?? '') as [string, string, string];
  if (!id || !timestamp || !signatures) throw refused('the headers webhook-id, webhook-timestamp and webhook-signature are needed');
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) throw refused('webhook-timestamp is more than five minutes away from our clock');
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const fits = signatures.split(' ').some((each) => {
    const [version, signature = ''] = each.split(',');
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!fits) throw refused('webhook-signature does not fit the body');
}

const refused = (why: string): MillraceError =>
  new MillraceError('FORBIDDEN', `The signature cannot be accepted: ${why}. Sign as standardwebhooks.com says, with the secret of this address.`);
