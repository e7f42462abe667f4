import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { findCaller } from '../services/keys.ts';
import type { ApiContext } from './builder.ts';
import { createLoaders } from './loaders.ts';

/** The key in `Bearer <key>`, or null. */
function bearerKey(header: unknown): string | null {
  const match = typeof header === 'string' ? /^Bearer\s+(\S{1,500})$/i.exec(header.trim()) : null;
  return match ? match[1]! : null;
}

/**
 * What resolvers get for the caller of this `Authorization` header.
 * @throws MillraceError `UNAUTHENTICATED` without a key, or with one that is unknown, revoked or expired.
 */
export async function apiContextOf(ctx: Context, authorization: unknown): Promise<ApiContext> {
  const key = bearerKey(authorization);
  if (key === null) throw new MillraceError('UNAUTHENTICATED', 'No API key came with the request. Send "Authorization: Bearer <key>"; over a WebSocket put it into the payload of connection_init as "authorization".');
  const who = await findCaller(ctx, key);
  if (!who) throw new MillraceError('UNAUTHENTICATED', 'This API key is unknown, revoked or expired. Create one with the mutation createApiKey and an admin key.');
  const db = ctx.reader(who.locationId);
  return { ctx, who, db, load: createLoaders(db) };
}
