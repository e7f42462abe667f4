import type { Server } from 'node:http';
import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Context as Connection, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { MillraceError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Enter } from './authenticate.ts';
import { executeStream, type ToldBatch } from './execute-stream.ts';
import { createMask } from './mask.ts';
import { straightToSocket } from './straight-to-socket.ts';
import type { YogaServer } from './yoga.ts';

/** What the socket shares with GraphQL over HTTP. */
export interface Shared {
  yoga: YogaServer;
  enter: Enter;
  logger: Logger;
}

export interface WebSocketLimits {
  /** Operations at once on one socket. */
  subscriptions: number;
  /** Bytes of one message. */
  message: number;
  /** How long a socket may stay without connection_init (ms). */
  initMs: number;
  /** How often a socket's key is looked up again (ms). */
  recheckMs: number;
  /** How often a socket is pinged (ms). */
  pingMs: number;
  /** Bytes that may wait for a reader before nothing more is written to it. */
  waiting: number;
  /** How long they may wait before the socket is closed (ms). */
  patienceMs: number;
}

const LIMITS: WebSocketLimits = { subscriptions: 100, message: 1024 * 1024, initMs: 5_000, recheckMs: 30_000, pingMs: 10_000, waiting: 256 * 1024, patienceMs: 10_000 };
/** Close code of the protocol for whoever may not be here (any more). */
const FORBIDDEN = 4403;
/** RFC 6455's registry: clients may come back later. */
const TRY_AGAIN_LATER = 1013;

/** What is remembered of one socket. */
interface Known extends Record<PropertyKey, unknown> {
  authorization: unknown;
  recheck: NodeJS.Timeout;
}
type Socket = Connection<Record<string, unknown>, Extra & Partial<Known>>;

/**
 * graphql-transport-ws beside Yoga, on the same path and with the same schema, context and masking. A wrong or missing key in
 * connection_init closes the socket with 4403; so does one that expires or is revoked later. An operation before connection_init: 4401.
 * Every operation is admitted by itself, as a request over HTTP is.
 */
export function attachWebSocket(server: Server, { yoga, enter, logger }: Shared, limits: Partial<WebSocketLimits> = {}): { close(): Promise<void> } {
  const all = { ...LIMITS, ...limits };
  const { subscriptions, message, initMs, recheckMs, pingMs } = all;
  const mask = createMask(logger);
  const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint, maxPayload: message });
  const running = useServer<Record<string, unknown>, Known>({
    connectionInitWaitTimeout: initMs,
    execute: (args) => executeOf(args)(args),
    subscribe: async (args) => (await executeStream(args, mask)) as ExecutionResult,
    onOperation: (socket, id, _payload, _args, result) => {
      if (!(Symbol.asyncIterator in result)) return undefined;
      return straightToSocket(result as unknown as AsyncIterableIterator<ToldBatch>, id, socket.extra.socket, socket.extra.request.socket, all);
    },
    async onConnect(socket) {
      const authorization = authorizationOf(socket.connectionParams);
      const refusal = await refusalOf(enter, authorization);
      if (refusal === 'later') socket.extra.socket.close(TRY_AGAIN_LATER, 'Try again in a moment');
      if (refusal) return false;
      socket.extra.authorization = authorization;
      socket.extra.recheck = recheck(enter, authorization, socket.extra.socket, recheckMs);
      return true;
    },
    onClose: (socket) => clearInterval(socket.extra.recheck),
    onSubscribe: (socket, _id, payload) => {
      if (Object.keys(socket.subscriptions).length <= subscriptions) return prepare(yoga, enter, socket, payload).catch((error: unknown) => [mask(error)]);
      return [new GraphQLError(`This socket runs ${subscriptions} operations already: complete some, or open another socket.`, { extensions: { code: 'RATE_LIMITED' } })];
    },
  }, sockets, pingMs);
  return { close: async () => running.dispose() };
}

/** `connection_init`'s payload may carry the header as clients of either habit write it. */
const authorizationOf = (payload: Readonly<Record<string, unknown>> | undefined): unknown => payload?.authorization ?? payload?.Authorization;

/** Why the key does not open the socket: it never will, or not now (too many requests, a database that is away). Null when it does. */
async function refusalOf(enter: Enter, authorization: unknown): Promise<'never' | 'later' | null> {
  try {
    await enter(authorization);
    return null;
  } catch (error) {
    return error instanceof MillraceError && error.code === 'UNAUTHENTICATED' ? 'never' : 'later';
  }
}

/** Keys end while sockets stay: look now and then. A database that is away for a moment closes nobody. */
function recheck(enter: Enter, authorization: unknown, socket: WebSocket, everyMs: number): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    if ((await refusalOf(enter, authorization)) === 'never') socket.close(FORBIDDEN, 'This API key has expired or was revoked');
  };
  return setInterval(() => void look(), everyMs).unref();
}

type Execute = ReturnType<YogaServer['getEnveloped']>['execute'];
/** Yoga's enveloped `execute` travels with the arguments of its operation. */
const executeOf = (args: ExecutionArgs): Execute => (args.rootValue as { execute: Execute }).execute;

/** Parses, validates and gives a context, all through Yoga's plugins. */
async function prepare(yoga: YogaServer, enter: Enter, socket: Socket, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const api = await enter(socket.extra.authorization);
  const { schema, execute, contextFactory, parse, validate } = yoga.getEnveloped({ api, params: payload, request: new Request('http://socket/graphql') });
  const document = parse(payload.query);
  const errors = validate(schema, document) as readonly GraphQLError[];
  if (errors.length > 0) return errors;
  const contextValue = await contextFactory();
  return { schema, document, contextValue, rootValue: { execute }, operationName: payload.operationName, variableValues: payload.variables };
}
