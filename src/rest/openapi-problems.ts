import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } } };

/** Problems that many routes have: status, name in the components, sentence, example of `code` and `detail`. */
const COMMON: { status: number; name: string; says: string; code: string; detail: string; headers?: Json; when: (row: Route) => boolean }[] = [
  {
    status: 401,
    name: 'Unauthenticated',
    says: 'No key, or one that is unknown, revoked or has expired.',
    code: 'UNAUTHENTICATED',
    detail: 'This API key is unknown, revoked or has expired.',
    headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
    when: (row) => row.scope !== null,
  },
  { status: 403, name: 'Forbidden', says: 'The key lacks the scope.', code: 'FORBIDDEN', detail: 'This API key may not do this.', when: (row) => row.scope !== null },
  {
    status: 404,
    name: 'NotFound',
    says: 'There is no such thing in this location.',
    code: 'NOT_FOUND',
    detail: 'No workflow "…" in this location.',
    when: (row) => row.path.includes('{'),
  },
  {
    status: 406,
    name: 'NotAcceptable',
    says: 'No type that Accept names can be given.',
    code: 'NOT_ACCEPTABLE',
    detail: 'This route answers with application/json.',
    when: () => true,
  },
  {
    status: 413,
    name: 'TooLarge',
    says: 'The body is over 1 MiB.',
    code: 'PAYLOAD_TOO_LARGE',
    detail: 'The body is larger than the 1 MiB that is taken.',
    when: (row) => row.body !== null,
  },
  {
    status: 415,
    name: 'UnsupportedMediaType',
    says: 'The body is of a type that the route does not take.',
    code: 'UNSUPPORTED_MEDIA_TYPE',
    detail: 'This route takes application/json.',
    when: (row) => row.body !== null,
  },
  {
    status: 422,
    name: 'Invalid',
    says: 'Body or query cannot be taken; `errors` names each place.',
    code: 'INVALID_INPUT',
    detail: 'frist_name: is not known here. Did you mean "first_name"?',
    when: () => true,
  },
  {
    status: 429,
    name: 'TooManyRequests',
    says: "The key's rate limit.",
    code: 'RATE_LIMITED',
    detail: 'Slow down, and follow Retry-After.',
    headers: RETRY_AFTER,
    when: (row) => row.scope !== null,
  },
  {
    status: 503,
    name: 'Unavailable',
    says: 'The database is away for a moment.',
    code: 'UNAVAILABLE',
    detail: 'Try again in a moment.',
    headers: RETRY_AFTER,
    when: (row) => row.scope !== null,
  },
];

/** References to the problems that a row may have beyond those that it tells itself. */
export const problemsOf = (row: Route): Json => ({
  ...Object.fromEntries(COMMON.filter(({ status, when }) => !(status in row.responses) && when(row))
    .map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }])),
  default: { $ref: '#/components/responses/Problem' },
});

/** The components that `problemsOf` points to. */
export const problemComponents = (): Json => ({
  ...Object.fromEntries(
    COMMON.map(({ status, name, says, code, detail, headers }) => [name, { ...fullProblem(says, { type: 'about:blank', status, code, detail }), ...(headers ? { headers } : {}) }]),
  ),
  Problem: fullProblem('Whatever else went wrong.'),
});

/** A problem with a sentence of its own. */
export const fullProblem = (description: string, example?: Json): Json => ({
  description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, ...(example ? { example } : {}) } },
});
