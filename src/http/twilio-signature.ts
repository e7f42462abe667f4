import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Twilio signed a request: base64(HMAC-SHA1(token, url ‖ each key and value, keys sorted)).
 * https://www.twilio.com/docs/usage/security#validating-requests. Written out, since the SDK takes a second to load.
 * @param url the public one, with its query, as Twilio was told it.
 */
export function isTwilios(token: string, signature: string | null, url: string, params: URLSearchParams): boolean {
  const signed = [...new Set(params.keys())].sort().map((key) => [...new Set(params.getAll(key))].sort().map((value) => key + value).join('')).join('');
  return ports(url).some((form) => same(signature ?? '', createHmac('sha1', token).update(form + signed).digest('base64')));
}

/** Twilio signs some addresses with their usual port and some without. */
function ports(url: string): string[] {
  const { protocol, port, host } = new URL(url);
  if (port !== '') return [url];
  return [url, url.replace(`//${host}`, `//${host}:${protocol === 'https:' ? 443 : 80}`)];
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
