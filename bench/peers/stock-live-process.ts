import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';

/**
 * GraphQL Yoga, its PubSub and graphql-ws, put together as their manuals say: every event is executed, serialised and written for every subscriber.
 * https://the-guild.dev/graphql/yoga-server/docs/features/subscriptions#graphql-over-websocket-protocol-via-graphql-ws
 */
interface Event {
  cursor: string;
  at: number;
  enrollmentId: string;
  from: string;
  outcome: string;
  to: string;
}

EventEmitter.defaultMaxListeners = 0; // its PubSub is one EventTarget
const [redisUrl = '', prefix = ''] = process.argv.slice(2);
const pubSub = createPubSub<{ events: [event: Event] }>();
const at = (event: Event): string => new Date(event.at).toISOString();
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `scalar Cursor
      type Query { ok: Boolean }
      type ContactEntered { cursor: String! at: String! enrollmentId: ID! to: String! }
      type ContactMoved { cursor: String! at: String! enrollmentId: ID! from: String! outcome: String! to: String! }
      type RunEnded { cursor: String! at: String! enrollmentId: ID! status: String! }
      type ActivityGap { cursor: String! at: String! reason: String! }
      union WorkflowEvent = ContactEntered | ContactMoved | RunEnded | ActivityGap
      type Subscription { workflowEvents(after: Cursor): WorkflowEvent! }`,
    resolvers: {
      WorkflowEvent: { __resolveType: (event: Event) => (event.from === '' ? 'ContactEntered' : 'ContactMoved') },
      ContactEntered: { at },
      ContactMoved: { at },
      Subscription: { workflowEvents: { subscribe: () => pubSub.subscribe('events'), resolve: (event: Event) => event } },
    },
  }),
});

const server = createServer((request, response) => void yoga(request, response));
const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });
useServer({
  // What the manual calls `any`: Yoga's own functions travel as the root value.
  execute: (args) => (args.rootValue as { execute: (args: unknown) => ReturnType<NonNullable<Parameters<typeof useServer>[0]['execute']>> }).execute(args),
  subscribe: (args) => (args.rootValue as { subscribe: (args: unknown) => ReturnType<NonNullable<Parameters<typeof useServer>[0]['subscribe']>> }).subscribe(args),
  onSubscribe: async (ctx, _id, params) => {
    const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ ...ctx, req: ctx.extra.request, socket: ctx.extra.socket, params });
    const args = { schema, operationName: params.operationName, document: parse(params.query), variableValues: params.variables, contextValue: await contextFactory(), rootValue: { execute, subscribe } };
    const errors = validate(args.schema, args.document) as readonly Error[];
    return errors.length > 0 ? (errors as never) : args;
  },
}, sockets);

const redis = new Redis(redisUrl);
await redis.subscribe(`${prefix}:events`);
redis.on('message', (_channel: string, text: string) => pubSub.publish('events', JSON.parse(text) as Event));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true, port: (server.address() as AddressInfo).port });
