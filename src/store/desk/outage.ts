import { MillraceError, messageOf } from '../../errors.ts';

/** PostgreSQL: connection trouble (class 08), going down or coming up (57P), too many clients or no room on its disk (53), a read-only standby (25006). */
const SERVER_CODES = /^(08...|57P0[1-5]|53...|25006)$/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH']);
/** Prisma's words for the same: https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
/** A server's own refusal, in Prisma's wrapping. */
const PRISMA_WORDS = /Code: `(08\w{3}|57P0[1-5]|53\w{3}|25006)`/;
const DRIVER_WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end/;

/** The one place that tells "PostgreSQL is away" from a mistake: an outage becomes UNAVAILABLE, all else stays what it was. */
export function namedOutage(error: unknown): unknown {
  if (error instanceof MillraceError || !isOutage(error)) return error;
  return new MillraceError('UNAVAILABLE', 'PostgreSQL does not answer. Nothing of this call was kept for certain: try again in a moment, with the same Idempotency-Key.', {
    cause: error,
  });
}

function isOutage(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 3) return false;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const named = typeof code === 'string' && (SERVER_CODES.test(code) || SOCKET_CODES.has(code) || PRISMA_CODES.has(code));
  const inner = Array.isArray(errors) ? errors : [];
  return named || PRISMA_WORDS.test(messageOf(error)) || DRIVER_WORDS.test(messageOf(error)) || isOutage(cause, depth + 1) || inner.some((each) => isOutage(each, depth + 1));
}
