import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { ApiKeyRecord, KeyScope } from '../core/ports/records.ts';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { publishLive } from './doorbells.ts';
import { invalidInput, parseInput, plainText } from './parse-input.ts';

const SHOWN = 12;
const LONGEST = 512;

const schema = z.strictObject({
  name: plainText(255).refine((name) => name.trim() !== '', 'a key needs a name'),
  scopes: z.array(z.enum(['read', 'write', 'enroll', 'admin'], 'expected read, write, enroll or admin')).min(1, 'a key needs a scope'),
  expiresAt: z.number().nullish(),
  key: z.string().min(16, 'expected at least 16 characters').max(LONGEST).nullish(),
});

/**
 * Makes a key of the caller's location (`admin`). `secret` is shown this once: only its SHA-256 is kept. `key` gives it (at least 16 characters), else it is
 * drawn. Throws INVALID_INPUT, also for an `expiresAt` (machine ms) that has passed.
 */
export async function createApiKey(
  ctx: Context, who: Caller, input: { name: string; scopes: KeyScope[]; expiresAt?: number | null; key?: string | null },
): Promise<{ key: ApiKeyRecord; secret: string }> {
  const desk = deskFor(ctx, who, 'admin');
  const { name, scopes, expiresAt = null, key: given } = parseInput(schema, input, 'API key');
  if (expiresAt !== null && expiresAt <= ctx.clock.machineNow()) throw invalidInput('API key', [{
    path: ['expiresAt'], message: `${new Date(expiresAt).toISOString()} has passed, the key would open nothing; expected a moment to come`,
  }]);
  const secret = given ?? drawSecret();
  const prefix = secret.slice(0, Math.min(SHOWN, Math.floor(secret.length / 2)));
  const key = await desk.insertKey({ name, prefix, hash: hashOf(secret), scopes: [...new Set(scopes)], expiresAt }, auditLine(who, 'key.create', prefix, { name, scopes }));
  return { key, secret };
}

/** Revokes at once (`admin`), and tells every process, so that sockets and streams end. Throws NOT_FOUND. */
export async function revokeApiKey(ctx: Context, who: Caller, input: { id: string }): Promise<ApiKeyRecord> {
  const desk = deskFor(ctx, who, 'admin');
  const key = isUuid(input.id) ? await desk.revokeKey(input.id, auditLine(who, 'key.revoke', input.id)) : null;
  if (!key) throw new NotFoundError('API key', input.id);
  publishLive(ctx, { locationId: who.locationId, workflowId: '', runs: [], counts: {}, revokedKey: key.id });
  return key;
}

/** Whose key this is, or null for an unknown, revoked or expired one. The doors' only way to a `Caller`; `expiresAt` (machine ms) closes sockets. */
export async function findCaller(ctx: Context, rawKey: string): Promise<(Caller & { keyId: string; expiresAt: number | null }) | null> {
  if (rawKey === '' || rawKey.length > LONGEST) return null;
  const key = await ctx.desk.findKey(hashOf(rawKey));
  return key && { locationId: key.locationId, actor: `key:${key.name}`, scopes: key.scopes, keyId: key.id, expiresAt: key.expiresAt };
}

/** 256 random bits need no salt and no slow hash: nobody guesses them. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const drawSecret = (): string => `mr_${randomBytes(32).toString('base64url')}`;
