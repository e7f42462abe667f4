import { randomUUID } from 'node:crypto';
import { type Diagnostic, pathPointer, pathText } from '../core/definition/diagnostic.ts';
import { type ErrorCode, type Fault, MillraceError } from '../errors.ts';
import { byTable, inWords } from '../services/in-words.ts';

/** Every code of the house, and the HTTP status that says the same (RFC 9110, RFC 6585). */
const STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  ALREADY_ENROLLED: 409,
  ALREADY_EXISTS: 409,
  WORKFLOW_NOT_ACTIVE: 409,
  INVALID_STATE: 409,
  VERSION_CONFLICT: 409,
  IDEMPOTENCY_CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  VALIDATION_FAILED: 422,
  INVALID_INPUT: 422,
  PRECONDITION_REQUIRED: 428,
  RATE_LIMITED: 429,
  NOT_IMPLEMENTED: 501,
  PROVIDER_FAILED: 502,
  UNAVAILABLE: 503,
};

/** What only HTTP itself can get wrong: a method, a media type. */
export type ProtocolCode = 'METHOD_NOT_ALLOWED' | 'NOT_ACCEPTABLE' | 'UNSUPPORTED_MEDIA_TYPE' | 'BAD_REQUEST';

const PROTOCOL_STATUS: Record<ProtocolCode, number> = { BAD_REQUEST: 400, METHOD_NOT_ALLOWED: 405, NOT_ACCEPTABLE: 406, UNSUPPORTED_MEDIA_TYPE: 415 };

/** Thrown for a request that no service ever hears of. `headers` say what would have been right: `Allow`, `Accept`. */
export class ProtocolError extends Error {
  readonly code: ProtocolCode;
  readonly headers: Record<string, string>;

  constructor(code: ProtocolCode, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
    this.headers = headers;
  }
}

/** One entry of `errors`: where in the document, as machines (`pointer`, RFC 6901) and as people (`path`) read it. */
export interface ProblemEntry {
  pointer: string;
  path: string;
  detail: string;
  line: number | null;
  column: number | null;
  rule: string | null;
  hint: string | null;
  severity?: string;
}

/** A problem document (RFC 9457) before it is sent. */
export interface Problem {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** What the caller did, as far as an answer depends on it. */
export interface Occasion {
  /** The request carried `If-Match`: a lost race is then a failed precondition. */
  conditional: boolean;
}

/**
 * Any error as a problem document. Errors that nobody foresaw are masked: the answer carries an `error_id` and
 * `report` hears of the error under the same id.
 */
export function problemOf(error: unknown, report: (error: unknown, errorId: string) => void, occasion: Occasion = { conditional: false }): Problem {
  if (error instanceof ProtocolError) return problem(PROTOCOL_STATUS[error.code], error.code, error.message, {}, error.headers);
  if (error instanceof MillraceError) return ofHouse(error, occasion);
  const errorId = randomUUID();
  report(error, errorId);
  return problem(500, 'INTERNAL', `Something went wrong on our side. The log has the cause under error_id ${errorId}.`, { error_id: errorId });
}

/** The answer that a problem document is sent as. */
export function problemResponse(given: Problem): Response {
  return new Response(JSON.stringify(given.body), { status: given.status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...given.headers } });
}

/** A finding about a definition, as an entry of `errors`. */
export function diagnosticEntry(finding: Diagnostic): ProblemEntry {
  return {
    pointer: pathPointer(finding.path),
    path: pathText(finding.path),
    detail: finding.message,
    line: finding.line,
    column: finding.column,
    rule: finding.rule,
    hint: finding.hint,
    severity: finding.severity,
    ...(finding.fix && { fix: { title: finding.fix.title, edits: finding.fix.edits.map(({ path, ...edit }) => ({ pointer: pathPointer(path), ...edit })) } }),
  };
}

/** REST's own words, where a service speaks as TypeScript does. */
const inRestWords = byTable({ audioUrl: 'audio_url', eventId: 'event_id', initialData: 'initial_data', maxDays: 'max_days', occurredAt: 'occurred_at', stepMap: 'step_map' });

function ofHouse(given: MillraceError, occasion: Occasion): Problem {
  const error = inWords(given, inRestWords);
  const status = statusOf(error, occasion);
  const { diagnostics, retryAfterSeconds: _saidInHeader, ...detail } = error.detail;
  const entries = entriesOf(error, Array.isArray(diagnostics) ? (diagnostics as Diagnostic[]) : []);
  const existing = linkToExisting(error);
  const more = { ...snakeKeys(detail), ...(existing ? { existing } : {}), ...(entries.length > 0 ? { errors: entries } : {}) };
  return problem(status, error.code, error.message, more, { ...headersOf(error, status), ...(existing ? { location: existing } : {}) });
}

function statusOf(error: MillraceError, occasion: Occasion): number {
  if (error.code === 'VERSION_CONFLICT' && occasion.conditional) return 412;
  if (error.code === 'IDEMPOTENCY_CONFLICT' && error.detail.reason === 'other_body') return 422;
  return STATUS[error.code];
}

function headersOf(error: MillraceError, status: number): Record<string, string> {
  const seconds = Number(error.detail.retryAfterSeconds ?? 1);
  return {
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="millrace"' } : {}),
    ...(status === 429 || status === 503 ? { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } : {}),
  };
}

/** Where the thing is that stood in the way, when the error names it. */
function linkToExisting({ code, detail }: MillraceError): string | null {
  if (code === 'ALREADY_ENROLLED' && detail.enrollmentId) return `/api/enrollments/${String(detail.enrollmentId)}`;
  if (code === 'ALREADY_EXISTS' && detail.contactId) return `/api/contacts/${String(detail.contactId)}`;
  return null;
}

function entriesOf(error: MillraceError, diagnostics: Diagnostic[]): ProblemEntry[] {
  if (diagnostics.length > 0) return diagnostics.map(diagnosticEntry);
  if (error.faults.length > 0) return error.faults.map(faultEntry);
  const aboutTheDocument = STATUS[error.code] === 422 || STATUS[error.code] === 413;
  return aboutTheDocument ? [faultEntry({ path: [], message: error.message })] : [];
}

function faultEntry(fault: Fault): ProblemEntry {
  return {
    pointer: pathPointer(fault.path),
    path: pathText(fault.path),
    detail: fault.message,
    line: fault.line ?? null,
    column: fault.column ?? null,
    rule: fault.rule ?? null,
    hint: fault.hint ?? null,
  };
}

/** Statuses that say that a document could not be taken, rather than its sender or its place. */
const ABOUT_DOCUMENTS = new Set([409, 412, 413, 415, 422, 428]);

/** The body of a problem with a definition: clients find an entry in `errors` whatever it was, for the whole document at least. */
export function withEntry({ status, body }: Problem): Problem['body'] {
  if (!ABOUT_DOCUMENTS.has(status) || Array.isArray(body['errors'])) return body;
  return { ...body, errors: [faultEntry({ path: [], message: String(body['detail']) })] };
}

function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Problem {
  // The members of RFC 9457 come first and stand: an error may have a `status` of its own, such as the workflow's "draft", which its sentence tells.
  const members = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail };
  return { status, headers, body: { ...members, ...more, ...members } };
}

/** `enrollmentId` → `enrollment_id`: details of an error are written for both doors. */
function snakeKeys(detail: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Authentication required',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  501: 'Not implemented',
  502: 'A provider failed',
  503: 'Unavailable',
};
