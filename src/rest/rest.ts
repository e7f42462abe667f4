import type { Context } from '../context.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { type Admit, type Caller, requireScope } from '../services/caller.ts';
import { invalidInput, parseInput } from '../services/parse-input.ts';
import { type Body, readBody } from './body.ts';
import { once } from './idempotency.ts';
import { negotiate } from './negotiate.ts';
import { placed } from './placed.ts';
import { problemOf, problemResponse, ProtocolError, withEntry } from './problem.ts';
import { everyRoute } from './reference-routes.ts';
import type { Call, Reply, Route } from './route.ts';
import { createRouter } from './router.ts';
import { noQuery, nothing } from './schemas.ts';

/**
 * REST as one function from request to response. It never throws: whatever goes wrong becomes a problem document.
 * @param admit is asked once a request, and again while a stream lasts.
 */
export function createRest(ctx: Context, admit: Admit): (request: Request) => Promise<Response> {
  const find = createRouter(everyRoute);
  return async (request) => {
    const { pathname } = new URL(request.url);
    const match = find(request.method, pathname);
    try {
      if (match.kind === 'missing') throw new MillraceError('NOT_FOUND', `There is no route ${pathname}. GET /api/docs lists all of them.`);
      if (match.kind === 'method' && request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: match.allow.join(', ') } });
      if (match.kind === 'method')
        throw new ProtocolError('METHOD_NOT_ALLOWED', `${request.method} is not known at ${pathname}; ${match.allow.join(', ')} are.`, { allow: match.allow.join(', ') });
      return await answer(ctx, admit, match.row, match.params, request);
    } catch (error) {
      return problemFor(ctx, error, request, match.kind === 'found' ? match.row : null);
    }
  };
}

async function answer(ctx: Context, admit: Admit, row: Route, params: Record<string, string>, request: Request): Promise<Response> {
  const authorization = request.headers.get('authorization');
  const who: Caller = row.scope === null ? { locationId: '', actor: 'anyone', scopes: [] } : await admit(authorization);
  if (row.scope !== null) requireScope(who, row.scope);
  const id = params.id ?? '';
  if ('id' in params && !isUuid(id))
    throw new NotFoundError(row.path.startsWith('/api/enrollments') ? 'enrollment' : row.path.startsWith('/api/contacts') ? 'contact' : 'workflow', id.slice(0, 80));
  const accepts = negotiate(request.headers.get('accept'), row.produces);
  const query = parseInput(row.query ?? noQuery, queryOf(request), 'query');
  const { body: sent, bytes } = await readBody(request, row.body === 'definition' ? 'definition' : 'json');
  const json = sent.format === 'json' ? new TextDecoder().decode(bytes) : null;
  const refuse = (error: unknown): Response => problemFor(ctx, error, request, row, isAboutBody(row, error) ? json : null);
  try {
    const call: Call<unknown, unknown> = {
      ctx,
      who,
      params: { ...params, id },
      query,
      body: inputOf(row, sent, request),
      accepts,
      request,
      admit: async () => void (await admit(authorization)),
    };
    return await once(ctx, who.locationId, request, bytes, () =>
      row.handle(call).then((reply) => toResponse({ ...reply, body: row.body === 'definition' ? placed(reply.body, json) : reply.body }), refuse),
    );
  } catch (error) {
    return refuse(error);
  }
}

/** Findings about a stored definition, or about the state of things, have no place in what was sent. */
const isAboutBody = (row: Route, error: unknown): boolean => row.body === 'definition' || (error instanceof MillraceError && error.code === 'INVALID_INPUT');

/** The query as an object. Throws INVALID_INPUT for a key that stands twice: which of them would count? */
function queryOf(request: Request): Record<string, string> {
  const given = [...new URL(request.url).searchParams];
  const twice = given.find(([key], index) => given.findIndex(([other]) => other === key) < index);
  if (twice) throw invalidInput('query', [{ path: [twice[0]], message: 'stands twice', rule: 'duplicate_key', hint: 'Keep one of the two.' }]);
  return Object.fromEntries(given);
}

/** The body as the row wants it. A row without one takes an empty body only. */
function inputOf(row: Route, sent: Body, request: Request): unknown {
  if (row.body === 'definition') return sent.format === 'none' ? { format: 'yaml', text: '' } : sent;
  const value = sent.format === 'json' ? sent.value : undefined;
  return row.body === null && request.method === 'GET' ? undefined : parseInput(row.body ?? nothing, value, 'body');
}

function toResponse({ status, body, text, stream, headers = {} }: Reply): Response {
  const common = { 'cache-control': 'no-store', ...headers };
  if (stream) return new Response(stream, { status, headers: { ...common, 'content-type': 'text/event-stream; charset=utf-8' } });
  if (text) return new Response(text.content, { status, headers: { ...common, 'content-type': text.type } });
  if (body === undefined) return new Response(null, { status, headers: common });
  return new Response(JSON.stringify(body), { status, headers: { ...common, 'content-type': 'application/json' } });
}

function problemFor(ctx: Context, error: unknown, request: Request, row: Route | null, json: string | null = null): Response {
  const report = (cause: unknown, errorId: string): void =>
    ctx.logger.error({ err: cause, errorId, method: request.method, path: new URL(request.url).pathname }, 'a request failed unexpectedly');
  const problem = problemOf(error, report, { conditional: request.headers.has('if-match') });
  return problemResponse({ ...problem, body: placed(row?.body === 'definition' ? withEntry(problem) : problem.body, json) });
}
