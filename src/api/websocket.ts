import type { Server } from 'node:http';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import type { Context as Connection, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Context } from '../context.ts';
import { MillraceError } from '../errors.ts';
import { apiContextOf } from './authenticate.ts';
import type { ApiContext } from './builder.ts';
import type { YogaServer } from './yoga.ts';

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
}

const LIMITS: WebSocketLimits = { subscriptions: 100, message: 1024 * 1024, initMs: 5_000, recheckMs: 30_000, pingMs: 10_000 };
/** Close code of the protocol for whoever may not be here (any more). */
const FORBIDDEN = 4403;

/** What is remembered of one socket. */
interface Known extends Record<PropertyKey, unknown> {
  api: ApiContext;
  recheck: NodeJS.Timeout;
}
type Socket = Connection<Record<string, unknown>, Extra & Partial<Known>>;

/**
 * graphql-transport-ws beside Yoga, on the same path and with the same schema, context and masking. A wrong or missing key in
 * connection_init closes the socket with 4403; so does one that expires or is revoked later. An operation before connection_init: 4401.
 */
export function attachWebSocket(server: Server, ctx: Context, yoga: YogaServer, limits: Partial<WebSocketLimits> = {}): { close(): Promise<void> } {
  const { subscriptions, message, initMs, recheckMs, pingMs } = { ...LIMITS, ...limits };
  const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint, maxPayload: message });
  const running = useServer<Record<string, unknown>, Known>({
    connectionInitWaitTimeout: initMs,
    execute: (args) => functionsOf(args).execute(args),
    subscribe: (args) => functionsOf(args).subscribe(args),
    async onConnect(socket) {
      const authorization = authorizationOf(socket.connectionParams);
      const api = await callerOf(ctx, authorization);
      if (!api) return false;
      socket.extra.api = api;
      socket.extra.recheck = recheck(ctx, authorization, socket.extra.socket, recheckMs);
      return true;
    },
    onClose: (socket) => clearInterval(socket.extra.recheck),
    onSubscribe: (socket, _id, payload) => {
      if (Object.keys(socket.subscriptions).length <= subscriptions) return prepare(yoga, socket, payload);
      return [new GraphQLError(`This socket runs ${subscriptions} operations already: complete some, or open another socket.`, { extensions: { code: 'RATE_LIMITED' } })];
    },
  }, sockets, pingMs);
  return { close: async () => running.dispose() };
}

/** `connection_init`'s payload may carry the header as clients of either habit write it. */
const authorizationOf = (payload: Readonly<Record<string, unknown>> | undefined): unknown => payload?.authorization ?? payload?.Authorization;

async function callerOf(ctx: Context, authorization: unknown): Promise<ApiContext | null> {
  try {
    return await apiContextOf(ctx, authorization);
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  }
}

/** Keys end while sockets stay: look now and then. A database that is away for a moment closes nobody. */
function recheck(ctx: Context, authorization: unknown, socket: WebSocket, everyMs: number): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    const caller = await callerOf(ctx, authorization).catch(() => undefined);
    if (caller === null) socket.close(FORBIDDEN, 'This API key has expired or was revoked');
  };
  return setInterval(() => void look(), everyMs).unref();
}

type Functions = Pick<ReturnType<YogaServer['getEnveloped']>, 'execute' | 'subscribe'>;
/** Yoga's enveloped functions travel with the arguments of their operation. */
const functionsOf = (args: ExecutionArgs): Functions => args.rootValue as Functions;

/** Parses, validates and gives a context, all through Yoga's plugins. */
async function prepare(yoga: YogaServer, socket: Socket, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ api: socket.extra.api, params: payload, request: new Request('http://socket/graphql') });
  try {
    const document = parse(payload.query);
    const errors = validate(schema, document) as readonly GraphQLError[];
    if (errors.length > 0) return errors;
    const contextValue = await contextFactory();
    return { schema, document, contextValue, rootValue: { execute, subscribe }, operationName: payload.operationName, variableValues: payload.variables };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
