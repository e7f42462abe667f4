import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEntrance } from './api/authenticate.ts';
import { attachWebSocket } from './api/websocket.ts';
import { createYogaServer } from './api/yoga.ts';
import type { Context } from './context.ts';
import { readMigrations } from './embedded/migrations.ts';
import { MillraceError } from './errors.ts';
import { createAdmission } from './http/auth.ts';
import { dashboardPages } from './http/dashboard.ts';
import { health } from './http/health.ts';
import { hooks } from './http/hooks.ts';
import type { Invitation } from './http/invitation.ts';
import { landingPage } from './http/landing.ts';
import { createMetrics } from './http/metrics.ts';
import { sendResponse, toRequest } from './http/node-bridge.ts';
import { tracking } from './http/tracking.ts';
import { openStreams } from './live/stream.ts';
import { problemOf, problemResponse, ProtocolError } from './rest/problem.ts';
import { createRest } from './rest/rest.ts';
import type { Admit } from './services/caller.ts';

export interface RunningServer {
  port: number;
  /** Takes nothing new, lets what runs come to its end for a moment, then closes the rest. */
  close(): Promise<void>;
}

const HEADER_BYTES = 16 * 1024;
const REQUEST_MS = 30_000;
/** A connection on which nothing moves for so long is ended: live streams say every fifteen seconds that they live. */
const STALLED_MS = 120_000;
/** Below the four seconds that a shutdown gives each part. */
const DRAIN_MS = 3_000;
const ORIGIN = 'http://millrace.invalid';
/** What every answer says unless its door says otherwise: it is not kept, not framed, not guessed at, and may load nothing. */
const SECURITY = {
  'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
/** GraphQL's editor is one page with its script inside (Monaco among it, which makes workers of blobs): it loads from this house alone. */
const EDITOR_POLICY =
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A year of https alone (RFC 6797), for this host and not its neighbours. */
const HTTPS_ONLY = 'max-age=31536000';

/** What belongs to the live pages. */
export interface LivePages {
  /** The folder of what was built. */
  folder: string;
  invitation: Invitation;
}

/** One HTTP server for all doors; without `pages` it has no live pages. Throws the system's error when the port cannot be had. */
export async function startServer(ctx: Context, pages: LivePages | null = null): Promise<RunningServer> {
  const { logger } = ctx;
  const admit = createAdmission(ctx);
  const enter = createEntrance(ctx, admit);
  const yoga = createYogaServer(enter, logger);
  const metrics = createMetrics(ctx, openStreams);
  const doors = await createDoors(ctx, { admit, metricsPage: metrics.page, pages });
  const server = createServer({ maxHeaderSize: HEADER_BYTES, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS / 2, keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    observe(ctx, metrics.answered, incoming, outgoing);
    for (const [name, value] of Object.entries(SECURITY)) outgoing.setHeader(name, value);
    if (doorOf(incoming) === 'graphql') outgoing.setHeader('content-security-policy', EDITOR_POLICY);
    if (ctx.environment.publicUrl.startsWith('https:')) outgoing.setHeader('strict-transport-security', HTTPS_ONLY);
    // Yoga speaks node itself: it streams subscriptions, and answers its own errors.
    const answer = async (): Promise<void> => (doorOf(incoming) === 'graphql' ? yoga(incoming, outgoing) : throughDoors(ctx, doors, incoming, outgoing));
    traced(ctx, incoming, outgoing, answer).catch((error: unknown) => giveUp(ctx, error, outgoing));
  });
  server.setTimeout(STALLED_MS);
  const sockets = attachWebSocket(server, { yoga, enter, logger });
  await listen(server, ctx.environment.port, ctx.environment.host);
  return { port: (server.address() as AddressInfo).port, close: () => drain(server, sockets) };
}

/** Where somebody would look for the page of every route. */
const REFERENCE = new Set(['/api', '/api/', '/docs']);

type Door = (request: Request, pathname: string) => Promise<Response | null> | Response | null;

/** The doors in the order in which they are tried; the first that does not answer null has answered. */
async function createDoors(ctx: Context, { admit, metricsPage, pages }: { admit: Admit; metricsPage: () => Promise<Response>; pages: LivePages | null }): Promise<Door[]> {
  const migrations = (await readMigrations()).map(({ name }) => name);
  const rest = createRest(ctx, admit);
  return [
    (_request, pathname) => health(ctx, migrations, pathname),
    (_request, pathname) => (pathname === '/metrics' ? metricsPage() : null),
    (request) => tracking(ctx, request),
    (request, pathname) => hooks(ctx, request, pathname),
    (_request, pathname) => (REFERENCE.has(pathname) ? new Response(null, { status: 302, headers: { location: '/api/docs' } }) : null),
    (request, pathname) => (pathname.startsWith('/api/') ? rest(request) : null),
    ...(pages === null ? [] : [dashboardPages(pages.folder), pages.invitation.door]),
    (_request, pathname) => (pathname === '/' ? landingPage(ctx.environment) : null),
  ];
}

async function throughDoors(ctx: Context, doors: Door[], incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  await sendResponse(await answerOf(ctx, doors, incoming, gone.signal), outgoing);
}

async function answerOf(ctx: Context, doors: Door[], incoming: IncomingMessage, signal: AbortSignal): Promise<Response> {
  try {
    const request = webRequest(incoming, signal);
    const { pathname } = new URL(request.url);
    for (const door of doors) {
      const response = await door(request, pathname);
      if (response) return response;
    }
    throw new MillraceError('NOT_FOUND', 'There is nothing at this address. GET / lists the doors.');
  } catch (error) {
    return problemResponse(problemOf(error, (cause, errorId) => ctx.logger.error({ err: cause, errorId }, 'a request failed unexpectedly')));
  }
}

function webRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  try {
    return toRequest(incoming, ORIGIN, signal);
  } catch {
    throw new ProtocolError('BAD_REQUEST', 'This request line cannot be read. Check the method and the address.');
  }
}

/** The first part of the path: what logs and metrics go by. The rest may hold a token. */
const doorOf = (incoming: IncomingMessage): string => /^\/(\w*)/.exec(incoming.url ?? '')?.[1] ?? '';

const KNOWN_DOORS = new Set(['', 'api', 'graphql', 't', 'u', 'hooks', 'healthz', 'readyz', 'metrics', 'w', 'e', 'assets', 'invitation']);

const knownDoorOf = (incoming: IncomingMessage): string => {
  const first = doorOf(incoming);
  return KNOWN_DOORS.has(first) ? first || 'landing' : 'other';
};

function observe(ctx: Context, answered: (door: string, method: string, status: number, seconds: number) => void, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const began = performance.now();
  const first = doorOf(incoming);
  const door = knownDoorOf(incoming);
  outgoing.once('close', () => {
    const ms = performance.now() - began;
    const method = incoming.method ?? 'GET';
    answered(door, method, outgoing.statusCode, ms / 1000);
    const path = door === 'api' ? incoming.url?.split('?')[0]?.slice(0, 200) : `/${first.slice(0, 40)}`;
    ctx.logger.debug({ method, path, status: outgoing.statusCode, ms: Math.round(ms) }, 'answered');
  });
}

/** Every request is a span; one with a `traceparent` belongs to its sender's trace. The span is named by the door: the rest of the path may hold a token. */
function traced({ telemetry }: Context, incoming: IncomingMessage, outgoing: ServerResponse, answer: () => Promise<void>): Promise<void> {
  if (!telemetry) return answer();
  const method = incoming.method ?? 'GET';
  const name = `${method} /${knownDoorOf(incoming)}`;
  const { traceparent } = incoming.headers;
  return telemetry.request(name, { 'http.request.method': method }, typeof traceparent === 'string' ? traceparent : undefined, async () => {
    await answer();
    return outgoing.statusCode;
  });
}

function giveUp(ctx: Context, error: unknown, outgoing: ServerResponse): void {
  ctx.logger.error({ err: error }, 'an answer broke off');
  if (!outgoing.headersSent) outgoing.statusCode = 500;
  outgoing.end();
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function drain(server: Server, sockets: { close(): Promise<void> }): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await sockets.close();
  server.closeIdleConnections();
  const rest = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(rest);
}
