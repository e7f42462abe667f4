import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks (standardwebhooks.com): the id, the moment, and a signature over both and the body when there
 * is a secret. The id stays the same over all attempts.
 * @param secret `whsec_` and base64, or any text.
 * @param at machine ms.
 */
export function webhookHeaders(id: string, body: string, secret: string | null, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === null) return headers;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  return { ...headers, 'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}` };
}
