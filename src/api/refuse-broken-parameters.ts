import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * `variables` and `extensions` of a GET are JSON in the address. Yoga lets their syntax errors through as errors of its own. A request without a document is no
 * GraphQL request: 400 whatever is accepted (https://graphql.github.io/graphql-over-http/draft/#sec-application-json), where Yoga answers 200 to application/json.
 */
export const refuseBrokenParameters: Plugin = {
  onRequestParse({ requestParser, setRequestParser }) {
    if (!requestParser) return;
    setRequestParser(async (request) => {
      try {
        const parameters = await requestParser(request);
        if (isObject(parameters) && (parameters.query ?? null) === null) throw WITHOUT_DOCUMENT;
        return parameters;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new GraphQLError(`\`variables\` and \`extensions\` of a GET are JSON, encoded for an address: ${error.message}`, {
          extensions: { code: 'INVALID_INPUT', http: { status: 400 } },
        });
      }
    });
  },
};

const isObject = (given: unknown): given is { query?: unknown } => typeof given === 'object' && given !== null && !Array.isArray(given);

const WITHOUT_DOCUMENT = new GraphQLError('The request has no document. Send it as {"query": "{ … }"}, or as ?query= of a GET.', {
  extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
});
