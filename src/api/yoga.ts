import type { ExecutionArgs } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { MillraceError } from '../errors.ts';
import type { Stays } from '../live/stays.ts';
import { flattened } from '../live/stream.ts';
import type { Logger } from '../logger.ts';
import type { Enter } from './authenticate.ts';
import type { ApiContext } from './builder.ts';
import { executeStream, type Mask } from './execute-stream.ts';
import { explainUnacceptable } from './explain-unacceptable.ts';
import { createMask, publicError } from './mask.ts';
import { recheckKey } from './recheck-key.ts';
import { refuseBrokenParameters } from './refuse-broken-parameters.ts';
import { refuseForms } from './refuse-forms.ts';
import { limitRequests } from './request-limits.ts';
import { schema } from './schema.ts';

const LARGEST_BODY = 2 * 1024 * 1024;
const MOST_TOKENS = 5_000;
const FIRST_QUERY = '# Put your API key into the headers below, then run this.\n{\n  workflows(first: 5) {\n    nodes { name status stats { active completed exited } }\n  }\n}\n';

/** What a transport may know before Yoga makes the context: a WebSocket's operation comes with its caller. */
export interface Transport {
  api?: ApiContext;
}

/** Long documents are refused while they are parsed. */
const limitTokens: Plugin = {
  onParse: ({ parseFn, setParseFn }) => setParseFn((source: unknown, options: object) => parseFn(source, { ...options, maxTokens: MOST_TOKENS })),
};

/** Executes and serialises what subscribers have in common once. */
const shareExecutions = (mask: Mask): Plugin => ({
  onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(async (args: ExecutionArgs) => {
    const results = await executeStream(args, mask);
    return Symbol.asyncIterator in results ? flattened(results) : results;
  }),
});

/**
 * GraphQL over HTTP, subscriptions as Server-Sent Events included. Only the Authorization header authenticates, which a browser never adds
 * by itself and never sends across sites without asking first: a forged form or image arrives as nobody. Yoga's own PubSub is not used:
 * its buffer can bring the process down.
 * @param stays who holds streams open; those of the process unless others are given.
 */
export function createYogaServer(enter: Enter, logger: Logger, stays?: Stays) {
  const mask = createMask(logger);
  return createYoga<Transport, ApiContext>({
    schema,
    graphqlEndpoint: '/graphql',
    logging: false,
    multipart: false,
    batching: false,
    landingPage: false,
    graphiql: { title: 'Millrace', headers: '{"authorization": "Bearer <your API key>"}', defaultQuery: FIRST_QUERY },
    // The editor comes from this house, not from a CDN: people type their keys into it. It weighs megabytes, so it is loaded when somebody opens it.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    maxRequestBodySize: LARGEST_BODY,
    cors: { origin: '*', credentials: false, methods: ['GET', 'POST', 'OPTIONS'], allowedHeaders: ['authorization', 'content-type'], exposedHeaders: ['retry-after'] },
    maskedErrors: { maskError: mask },
    context: async ({ api, request }) => {
      if (api) return api;
      try {
        return await enter(request.headers.get('authorization'));
      } catch (error) {
        throw error instanceof MillraceError ? publicError(error) : error;
      }
    },
    plugins: [explainUnacceptable, refuseForms, refuseBrokenParameters, limitTokens, limitRequests, recheckKey(enter, mask, stays), shareExecutions(mask)],
  });
}

export type YogaServer = ReturnType<typeof createYogaServer>;
