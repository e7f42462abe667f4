/**
 * Every error that Millrace throws on purpose. A `code` is what clients, doors and retries go by:
 * GraphQL, HTTP and the queue each map codes in one table of their own.
 */
export type ErrorCode =
  | 'NOT_FOUND'
  | 'VALIDATION_FAILED'
  | 'VERSION_CONFLICT'
  | 'ALREADY_ENROLLED'
  | 'ALREADY_EXISTS'
  | 'WORKFLOW_NOT_ACTIVE'
  | 'INVALID_STATE'
  | 'INVALID_INPUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'IDEMPOTENCY_CONFLICT'
  | 'PRECONDITION_REQUIRED'
  | 'NOT_IMPLEMENTED'
  | 'UNAVAILABLE'
  | 'PROVIDER_FAILED';

/** One thing wrong with an input. `path` is the way to it, e.g. `['steps', 3, 'config']`. */
export interface Fault {
  path: (string | number)[];
  message: string;
  line?: number;
  column?: number;
  /** What was broken, for programs: `unknown_key`. */
  rule?: string;
  /** What to do. */
  hint?: string | null;
}

export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly faults: Fault[];
  readonly detail: Record<string, unknown>;

  /** @param message for a person at 3 a.m.: where, what was found, what was expected, what to do. */
  constructor(code: ErrorCode, message: string, more: { faults?: Fault[]; detail?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'MillraceError';
    this.code = code;
    this.faults = more.faults ?? [];
    this.detail = more.detail ?? {};
  }
}

/** Thrown for a thing that is missing or belongs to another location: the two must look the same. */
export class NotFoundError extends MillraceError {
  constructor(what: string, id: string) {
    super('NOT_FOUND', `No ${what} "${id}" in this location. Check the id, and that the API key belongs to the location that owns it.`);
    this.name = 'NotFoundError';
  }
}

/** Thrown when a provider did not take a message. `retryable` says whether another attempt may help; `retryAfterMs` is the provider's own wish. */
export class ProviderError extends MillraceError {
  readonly retryable: boolean;
  /** True when the message may have been accepted although no answer came: never resend blindly. */
  readonly unknown: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, more: { retryable: boolean; unknown?: boolean; retryAfterMs?: number; detail?: Record<string, unknown>; cause?: unknown }) {
    super('PROVIDER_FAILED', message, more);
    this.name = 'ProviderError';
    this.retryable = more.retryable;
    this.unknown = more.unknown ?? false;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/**
 * What a person is told of any error: its message, or a plain sentence for a value that is no error. A name with several addresses
 * (localhost) that none of them answers at is an AggregateError without a message: it is told by those of its parts.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
