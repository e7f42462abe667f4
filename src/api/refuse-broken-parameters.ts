import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** `variables` and `extensions` of a GET are JSON in the address. Yoga lets their syntax errors through as errors of its own. */
export const refuseBrokenParameters: Plugin = {
  onRequestParse({ requestParser, setRequestParser }) {
    if (!requestParser) return;
    setRequestParser(async (request) => {
      try {
        return await requestParser(request);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new GraphQLError(`\`variables\` and \`extensions\` of a GET are JSON, encoded for an address: ${error.message}`, {
          extensions: { code: 'INVALID_INPUT', http: { status: 400 } },
        });
      }
    });
  },
};
