import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import type { Caller } from '../services/caller.ts';
import { findCaller } from '../services/keys.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** A caller with the key that let it in. */
export type KeyHolder = Caller & { keyId: string; expiresAt: number | null };

/**
 * The bearer key of a request → its caller (RFC 6750). Simultaneous requests with one key share a look-up; nothing is remembered beyond it,
 * so a revoked key is refused at once.
 * @throws MillraceError `UNAUTHENTICATED`, or `RATE_LIMITED` with `retryAfterSeconds`.
 */
export function createAdmission(ctx: Context, limit: RateLimit = createRateLimit(() => ctx.clock.machineNow())): (request: Request) => Promise<KeyHolder> {
  const lookups = new Map<string, Promise<KeyHolder | null>>();
  const lookUp = (key: string): Promise<KeyHolder | null> => {
    const under = lookups.get(key) ?? findCaller(ctx, key).finally(() => lookups.delete(key));
    lookups.set(key, under);
    return under;
  };
  return async (request) => {
    const key = bearerOf(request.headers.get('authorization'));
    const caller = await lookUp(key);
    if (!caller) throw new MillraceError('UNAUTHENTICATED', 'This API key is unknown, revoked or has expired. Check it for cut characters, or create a new one.');
    const waitMs = limit.take(caller.keyId);
    if (waitMs > 0) throw new MillraceError('RATE_LIMITED', `This key makes more than ${limit.perSecond} requests a second. Slow down, and follow Retry-After.`, { detail: { retryAfterSeconds: waitMs / 1000 } });
    return caller;
  };
}

/** The key itself. The scheme's name is read without regard to case (RFC 9110 §11.1). */
function bearerOf(header: string | null): string {
  const key = /^Bearer +(\S+)\s*$/i.exec(header ?? '')?.[1];
  if (key) return key;
  throw new MillraceError('UNAUTHENTICATED', 'No API key came with this request. Send it as "Authorization: Bearer <key>".');
}
