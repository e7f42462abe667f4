import { MillraceError } from '../errors.ts';
import type { Context } from '../context.ts';
import type { KeyScope } from '../core/ports/records.ts';
import type { AuditLine } from '../core/ports/audit-line.ts';
import type { TenantDesk } from '../core/ports/desk.ts';
import type { Data } from '../core/state.ts';

/** Who asks: the location that the key belongs to, a name for the audit log, and what the key may do. */
export interface Caller {
  locationId: string;
  /** `key:<prefix>`, `cli`, `demo` … */
  actor: string;
  scopes: KeyScope[];
  /** The API key; absent for the house itself. */
  keyId?: string;
  /** When the key ends (machine ms); null for never. */
  expiresAt?: number | null;
}

/**
 * The caller behind the value of an `Authorization` header. Every door asks the same one, once a request or operation.
 * Throws UNAUTHENTICATED, or RATE_LIMITED with `detail.retryAfterSeconds`.
 */
export type Admit = (authorization: unknown) => Promise<Caller>;

/** Throws FORBIDDEN unless the caller has the scope. `admin` includes all; every scope includes `read`. */
export function requireScope(who: Caller, scope: KeyScope): void {
  const allowed = who.scopes.includes('admin') || who.scopes.includes(scope) || (scope === 'read' && who.scopes.length > 0);
  if (allowed) return;
  throw new MillraceError(
    'FORBIDDEN',
    `This API key has the scopes [${who.scopes.join(', ')}] and the call needs "${scope}". Use a key that has it, or create one with an admin key.`,
  );
}

/** The caller's desk, once the scope is checked. */
export function deskFor(ctx: Context, who: Caller, scope: KeyScope): TenantDesk {
  requireScope(who, scope);
  return ctx.desk(who.locationId);
}

/** A line for the audit log in the caller's name, with the key that was used: names of keys may repeat. */
export const auditLine = ({ actor, keyId }: Caller, action: string, subject: string, detail: Data = {}): AuditLine => ({
  actor,
  action,
  subject,
  detail: keyId === undefined ? detail : { ...detail, key_id: keyId },
});
