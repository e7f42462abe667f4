import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { staysOf, type Stays } from '../live/stays.ts';
import type { Enter } from './authenticate.ts';
import type { ApiContext } from './builder.ts';
import type { Mask } from './execute-stream.ts';

type Results = AsyncIterable<ExecutionResult>;
/** Begins a stay; gives how to end it. `refused` hears why it must end. */
type Begin = (refused: (error: unknown) => void) => () => void;

/**
 * Keys end while streams stay: one over HTTP ends with UNAUTHENTICATED when its key was revoked or has expired, and takes one of the key's places
 * while it lasts. A WebSocket does the same for all its operations together.
 */
export function recheckKey(enter: Enter, mask: Mask, stays?: Stays): Plugin {
  return {
    onSubscribe({ args }) {
      const { request, ctx, who } = args.contextValue as unknown as ApiContext & { request?: Request }; // Yoga's type knows only what it makes itself
      const authorization = request?.headers.get('authorization') ?? null;
      if (authorization === null) return undefined;
      return {
        onSubscribeResult({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) return;
          const source = result as Results;
          try {
            setResult(whileAdmitted(source, (refused) => (stays ?? staysOf(ctx.bus)).begin(who, () => enter(authorization), refused)) as typeof result);
          } catch (error) {
            void source[Symbol.asyncIterator]().return?.();
            setResult({ errors: [mask(error)] });
          }
        },
      };
    },
  };
}

/** The results until the stay is refused; the reader is told why. Throws what `begin` throws. */
function whileAdmitted(results: Results, begin: Begin): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]();
  let refusal: unknown = null;
  const leave = begin((error) => {
    refusal = error;
    leave();
    void source.return?.();
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const step = await source.next();
      if (step.done) leave();
      if (refusal === null) return step;
      const told = refusal;
      refusal = null; // the source has ended: whoever asks again is told so
      throw told;
    },
    async return() {
      leave();
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
