import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { MillraceError } from '../errors.ts';
import type { Enter } from './authenticate.ts';

type Results = AsyncIterable<ExecutionResult>;

/**
 * Keys end while streams stay: one over HTTP looks its key up again now and then, and ends with UNAUTHENTICATED when it was revoked or has
 * expired. A database that is away for a moment ends nobody. A WebSocket does the same for all its operations together.
 */
export function recheckKey(enter: Enter, everyMs = 15_000): Plugin {
  return {
    onSubscribe({ args }) {
      const authorization = (args.contextValue as { request?: Request }).request?.headers.get('authorization') ?? null;
      if (authorization === null) return undefined;
      return {
        onSubscribeResult({ result, setResult }) {
          if (Symbol.asyncIterator in result) setResult(whileAdmitted(result as Results, () => enter(authorization), everyMs) as typeof result);
        },
      };
    },
  };
}

function whileAdmitted(results: Results, admit: () => Promise<unknown>, everyMs: number): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]();
  let refusal: unknown = null;
  const look = async (): Promise<void> => {
    try {
      await admit();
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'UNAUTHENTICATED') return;
      refusal = error;
      clearInterval(timer);
      await source.return?.();
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const step = await source.next();
      if (step.done) clearInterval(timer);
      if (refusal === null) return step;
      const told = refusal;
      refusal = null; // the source has ended: whoever asks again is told so
      throw told;
    },
    async return() {
      clearInterval(timer);
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
