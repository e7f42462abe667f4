import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import type { Admit } from '../services/caller.ts';
import { findCaller } from '../services/keys.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

type KeyHolder = Awaited<ReturnType<typeof findCaller>>;

/**
 * The bearer key of a request → its caller (RFC 6750). Simultaneous requests with one key share a look-up; nothing is remembered beyond it,
 * so a revoked key is refused at once. The limit counts a key's requests at all doors that share the admission.
 * @throws MillraceError `UNAUTHENTICATED`, or `RATE_LIMITED` with `retryAfterSeconds`.
 */
export function createAdmission(ctx: Context, limit: RateLimit = createRateLimit(() => performance.now())): Admit {
  const lookups = new Map<string, Promise<KeyHolder>>();
  const lookUp = (key: string): Promise<KeyHolder> => {
    const under = lookups.get(key) ?? findCaller(ctx, key).finally(() => lookups.delete(key));
    lookups.set(key, under);
    return under;
  };
  const note = createNotes(ctx);
  return async (authorization) => {
    const key = bearerOf(authorization);
    const caller = await lookUp(key);
    if (!caller) throw new MillraceError('UNAUTHENTICATED', 'This API key is unknown, revoked or has expired. Check it for cut characters, or create a new one.');
    const waitMs = limit.take(caller.keyId);
    if (waitMs > 0)
      throw new MillraceError('RATE_LIMITED', `This key makes more than ${limit.perSecond} requests a second. Slow down, and follow Retry-After.`, {
        detail: { retryAfterSeconds: waitMs / 1000 },
      });
    note(caller);
    return caller;
  };
}

const NOTE_EVERY_MS = 60_000;
const MOST_NOTED = 10_000;

/** Says when a key was last used, a minute apart at most: beside the request, which neither waits for it nor fails with it. */
function createNotes(ctx: Context): (caller: NonNullable<KeyHolder>) => void {
  const noted = new Map<string, number>();
  return ({ keyId, locationId }) => {
    const now = ctx.clock.machineNow();
    if (now - (noted.get(keyId) ?? -Infinity) < NOTE_EVERY_MS) return;
    if (noted.size >= MOST_NOTED) noted.clear();
    noted.set(keyId, now);
    ctx.desk(locationId).noteKeyUse(keyId).catch((error: unknown) => ctx.logger.debug({ err: error }, 'the use of a key was not noted'));
  };
}

/** The key itself. The scheme's name is read without regard to case (RFC 9110 §11.1). */
function bearerOf(authorization: unknown): string {
  const key = typeof authorization === 'string' ? /^Bearer +(\S+)\s*$/i.exec(authorization)?.[1] : undefined;
  if (key) return key;
  if (typeof authorization === 'string' && authorization.trim() !== '') {
    throw new MillraceError('UNAUTHENTICATED', 'The Authorization of this request is not of the form "Bearer <API key>": the word, a blank, and the key in one piece.');
  }
  throw new MillraceError(
    'UNAUTHENTICATED',
    'No API key came with this request. Send it as "Authorization: Bearer <key>"; over a WebSocket put it into the payload of connection_init as "authorization".',
  );
}
