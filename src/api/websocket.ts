import type { Server } from 'node:http';
import { GraphQLError, type ExecutionArgs, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Context as Connection, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { MillraceError } from '../errors.ts';
import { staysOf, type Stays } from '../live/stays.ts';
import type { Logger } from '../logger.ts';
import type { Enter } from './authenticate.ts';
import type { ApiContext } from './builder.ts';
import { executeStream, type ToldBatch } from './execute-stream.ts';
import { createMask } from './mask.ts';
import { hearAtItsPace, type Patience } from './socket-pace.ts';
import { straightToSocket } from './straight-to-socket.ts';
import type { YogaServer } from './yoga.ts';

/** What the socket shares with GraphQL over HTTP. */
export interface Shared {
  yoga: YogaServer;
  enter: Enter;
  logger: Logger;
  /** Who holds sockets open; those of the process unless others are given. */
  stays?: Stays;
}

export interface WebSocketLimits extends Patience {
  /** Operations at once on one socket. */
  subscriptions: number;
  /** Bytes of one message. */
  message: number;
  /** How long a socket may stay without connection_init (ms). */
  initMs: number;
  /** How often a socket is pinged (ms). */
  pingMs: number;
}

const LIMITS: WebSocketLimits = { subscriptions: 100, message: 1024 * 1024, initMs: 5_000, pingMs: 10_000, waiting: 256 * 1024, patienceMs: 10_000 };
/** Close code of the protocol for whoever may not be here (any more). */
const FORBIDDEN = 4403;
/** RFC 6455's registry: clients may come back later. */
const TRY_AGAIN_LATER = 1013;

/** What is remembered of one socket. */
interface Known extends Record<PropertyKey, unknown> {
  authorization: unknown;
}
type Socket = Connection<Record<string, unknown>, Extra & Partial<Known>>;

/**
 * graphql-transport-ws beside Yoga, on the same path and with the same schema, context and masking. A wrong or missing key in
 * connection_init closes the socket with 4403; so does one that expires or is revoked later. An operation before connection_init: 4401.
 * Every operation is admitted by itself, as a request over HTTP is.
 */
export function attachWebSocket(server: Server, { yoga, enter, logger, stays }: Shared, limits: Partial<WebSocketLimits> = {}): { close(): Promise<void> } {
  const all = { ...LIMITS, ...limits };
  const { subscriptions, message, initMs, pingMs } = all;
  const mask = createMask(logger);
  const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint, maxPayload: message });
  sockets.on('connection', (socket, request) => hearAtItsPace(socket, request.socket, all));
  const running = useServer<Record<string, unknown>, Known>({
    connectionInitWaitTimeout: initMs,
    execute: (args) => executeOf(args)(args),
    subscribe: async (args) => (await executeStream(args, mask)) as ExecutionResult,
    onOperation: (socket, id, _payload, _args, result) => {
      if (!(Symbol.asyncIterator in result)) return undefined;
      // `executeStream` made it; graphql-ws knows results alone.
      return straightToSocket(result as unknown as AsyncIterableIterator<ToldBatch>, id, socket.extra.socket, socket.extra.request.socket, all);
    },
    onError: (_socket, _id, _payload, errors) => errors.map(withoutHttp),
    onNext: (_socket, _id, _payload, _args, result) => (result.errors ? { ...result, errors: result.errors.map(withoutHttp) } : undefined),
    async onConnect(socket) {
      const authorization = authorizationOf(socket.connectionParams);
      const refusal = await enter(authorization).then((api) => stay(api, () => enter(authorization), socket.extra.socket, stays), refusalOf);
      if (refusal?.later) socket.extra.socket.close(TRY_AGAIN_LATER, refusal.later);
      socket.extra.authorization = authorization;
      return refusal === null;
    },
    onSubscribe: (socket, _id, payload) => {
      if (Object.keys(socket.subscriptions).length <= subscriptions) return prepare(yoga, enter, socket, payload).catch((error: unknown) => [mask(error)]);
      return [new GraphQLError(`This socket runs ${subscriptions} operations already: complete some, or open another socket.`, { extensions: { code: 'RATE_LIMITED' } })];
    },
  }, sockets, pingMs);
  return { close: async () => running.dispose() };
}

/** An error without what Yoga would make a status and headers of: a socket has neither. */
function withoutHttp(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions: { http: _http, ...extensions } = {}, ...rest } = error instanceof GraphQLError ? error.toJSON() : error;
  return { ...rest, extensions };
}

/** `connection_init`'s payload may carry the header as clients of either habit write it. */
const authorizationOf = (payload: Readonly<Record<string, unknown>> | undefined): unknown => payload?.authorization ?? payload?.Authorization;

/** Why the key does not open the socket: it never will, or `later` says why not now. */
interface Refusal {
  later: string | null;
}

const refusalOf = (error: unknown): Refusal => ({ later: error instanceof MillraceError && error.code === 'UNAUTHENTICATED' ? null : 'Try again in a moment' });

/** Takes a place of the key until the socket closes. The socket closes when the key ends; one whose key holds too many is refused. */
function stay({ ctx, who }: ApiContext, admit: () => Promise<unknown>, socket: WebSocket, stays: Stays = staysOf(ctx.bus)): Refusal | null {
  try {
    const leave = stays.begin(who, admit, () => socket.close(FORBIDDEN, 'This API key has expired or was revoked'));
    if (socket.readyState === socket.OPEN) socket.once('close', leave);
    else leave(); // it closed while its key was looked up
    return null;
  } catch {
    return { later: 'This key holds too many sockets and streams open: close some' };
  }
}

type Execute = ReturnType<YogaServer['getEnveloped']>['execute'];
/** Yoga's enveloped `execute` travels with the arguments of its operation. */
const executeOf = (args: ExecutionArgs): Execute => (args.rootValue as { execute: Execute }).execute;

/** What Yoga's plugins take for the request: a socket carries mutations too, which no GET may. */
const REQUEST = new Request('http://socket/graphql', { method: 'POST' });

/** Parses, validates and gives a context, all through Yoga's plugins. */
async function prepare(yoga: YogaServer, enter: Enter, socket: Socket, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const api = await enter(socket.extra.authorization);
  const { schema, execute, contextFactory, parse, validate } = yoga.getEnveloped({ api, params: payload, request: REQUEST });
  const document = parse(payload.query);
  const errors = validate(schema, document) as readonly GraphQLError[];
  if (errors.length > 0) return errors;
  const contextValue = await contextFactory();
  return { schema, document, contextValue, rootValue: { execute }, operationName: payload.operationName, variableValues: payload.variables };
}
