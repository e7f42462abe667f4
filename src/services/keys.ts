import type { Context } from '../context.ts';
import type { ApiKeyRecord, KeyScope } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

/** Makes a key of the caller's location (`admin`). `secret` is shown this once: only its SHA-256 is kept. `key` gives it (at least 16 characters), else it is drawn. */
export async function createApiKey(
  ctx: Context, who: Caller, input: { name: string; scopes: KeyScope[]; expiresAt?: number | null; key?: string | null },
): Promise<{ key: ApiKeyRecord; secret: string }> {
  throw new Error('pending');
}
/** Revokes at once (`admin`). Throws NOT_FOUND. */
export async function revokeApiKey(ctx: Context, who: Caller, input: { id: string }): Promise<ApiKeyRecord> {
  throw new Error('pending');
}
/** All keys of the location (`admin`), newest first, revoked ones included. */
export async function listApiKeys(ctx: Context, who: Caller): Promise<ApiKeyRecord[]> {
  throw new Error('pending');
}
/** Whose key this is, or null for an unknown, revoked or expired one. The doors' only way to a `Caller`; `expiresAt` (machine ms) closes sockets. */
export async function findCaller(ctx: Context, rawKey: string): Promise<(Caller & { keyId: string; expiresAt: number | null }) | null> {
  throw new Error('pending');
}
