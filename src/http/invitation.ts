import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MillraceError } from '../errors.ts';
import { readJsonObject, readText } from './read-text.ts';

/** How long the address that a start prints opens the pages. */
const OPEN_MS = 60 * 60_000;

/** A key for whoever opens the address that the first start prints: once, within the hour. A key in the address itself would stay in the browser's history. */
export interface Invitation {
  code: string;
  /**
   * `POST /invitation` with `{code}`: 200 with `{key}`. Null for another path.
   * Throws FORBIDDEN when the code is not, or no longer, good; INVALID_INPUT for what is no such body.
   */
  door(request: Request, pathname: string): Promise<Response> | null;
}

/**
 * @param key null where there is none to give: then no code is good.
 * @param machineNow ms, for the hour.
 */
export function invite(key: string | null, machineNow: () => number): Invitation {
  const code = randomBytes(16).toString('base64url');
  const until = machineNow() + OPEN_MS;
  let open = key !== null;
  async function redeem(request: Request): Promise<Response> {
    const given = readJsonObject(await readText(request))['code'];
    if (!open || machineNow() > until || typeof given !== 'string' || !same(given, code)) {
      throw new MillraceError('FORBIDDEN', 'This address was opened before, or is older than an hour or than the last start. Use the API key that was printed beside it.');
    }
    open = false;
    return Response.json({ key }, { headers: { 'cache-control': 'no-store' } });
  }
  return { code, door: (request, pathname) => (pathname === '/invitation' && request.method === 'POST' ? redeem(request) : null) };
}

const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
