import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

type Results = AsyncIterable<ExecutionResult>;

const isStream = (result: unknown): result is Results => typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/**
 * A subscription whose source fails tells so in a last result and ends. Without this a failing source closes the whole WebSocket, with
 * all its other subscriptions, and says nothing.
 */
export function endWithError(mask: (error: unknown) => GraphQLError): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult({ result, setResult }) {
        if (isStream(result)) setResult(tellingErrors(result, mask) as typeof result);
      },
    }),
  };
}

/** The same results, but a failure becomes a last one. `return` reaches the source at once. */
function tellingErrors(results: Results, mask: (error: unknown) => GraphQLError): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]();
  let failed = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (failed) return { done: true, value: undefined };
      try {
        return await source.next();
      } catch (error) {
        failed = true;
        return { done: false, value: { errors: [mask(error)] } };
      }
    },
    async return() {
      failed = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
