import { CloseCode, createClient, type Client } from 'graphql-ws';
import type { TypedDocumentString } from '../../generated/operations/graphql.ts';

/** How the line to the API is. `lost` says since when (ms); `refused` is for good: the key opens nothing. */
export type LineState = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; since: number } | { kind: 'refused' };

type Fail = (message: string, later: boolean) => void;

/** One socket for everything that a page asks and hears. */
export interface Link {
  /** Resolves with the answer; rejects with an Error whose message can be shown. Waits while the line is lost. */
  ask<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result>;
  /**
   * Hears a stream until the answer is called. When the line was lost the stream is asked for again with `variables` as they are then: who writes
   * its newest cursor into them misses nothing. `fail` gets what the server said when it ended the stream with an error, and whether it may be asked for again.
   */
  listen<Result, Variables extends object>(document: TypedDocumentString<Result, Variables>, variables: Variables, hear: (result: Result) => void, fail: Fail): () => void;
  state(): LineState;
  /** Calls `changed` after every change of the state, until the answer is called. */
  watch(changed: () => void): () => void;
  close(): void;
}

const LONGEST_WAIT_MS = 4_000;

/** Opens the line to the API that served this page. */
export function openLink(key: string): Link {
  let state: LineState = { kind: 'connecting' };
  const watchers = new Set<() => void>();
  const become = (next: LineState): void => {
    if (state.kind === 'refused' || (state.kind === 'lost' && next.kind === 'lost')) return;
    state = next;
    for (const changed of watchers) changed();
  };
  const client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: { authorization: `Bearer ${key}` },
    lazy: false,
    keepAlive: 10_000,
    retryAttempts: Infinity,
    retryWait: (tries) => new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, 250 * 2 ** tries) * (0.5 + Math.random()))),
    shouldRetry: (reason) => !isRefusal(reason),
    onNonLazyError: () => undefined, // `closed` has told it
    on: {
      connected: () => become({ kind: 'live' }),
      closed: (event) => become(isRefusal(event) ? { kind: 'refused' } : { kind: 'lost', since: Date.now() }),
    },
  });
  return {
    ask: (document, variables) => askOnce(client, document, variables),
    listen: (document, variables, hear, fail) => hearAll(client, document, variables, hear, fail),
    state: () => state,
    watch: (changed) => (watchers.add(changed), () => watchers.delete(changed)),
    close: () => void client.dispose(),
  };
}

/** The API closes so when a key is unknown, expired or revoked. */
const isRefusal = (event: unknown): boolean => typeof event === 'object' && event !== null && 'code' in event && event.code === CloseCode.Forbidden;

function askOnce<Result, Variables>(client: Client, document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result> {
  return new Promise((resolve, reject) => {
    let answer: Result | null | undefined;
    client.subscribe<Result>({ query: document.toString(), variables: variables as Record<string, unknown> }, {
      next: ({ data, errors }) => (errors ? reject(new Error(messageOf(errors))) : (answer = data)),
      error: (error) => reject(new Error(messageOf(error))),
      complete: () => (answer ? resolve(answer) : reject(new Error('The server ended without an answer. Try again.'))),
    });
  });
}

function hearAll<Result, Variables extends object>(client: Client, document: TypedDocumentString<Result, Variables>, variables: Variables, hear: (result: Result) => void, fail: Fail): () => void {
  return client.subscribe<Result>({ query: document.toString(), variables: variables as Record<string, unknown> }, {
    next: ({ data, errors }) => (data ? hear(data) : fail(messageOf(errors), isPassing(errors))),
    error: (error) => fail(messageOf(error), isPassing(error)),
    complete: () => undefined,
  });
}

/** A reader that fell behind, a server that cannot read its database, a key that asks too much: all of it is better in a moment. */
const PASSING: readonly unknown[] = ['UNAVAILABLE', 'RATE_LIMITED'];
const isPassing = (errors: unknown): boolean => Array.isArray(errors) && errors.some(({ extensions }: { extensions?: { code?: unknown } }) => PASSING.includes(extensions?.code));

/** What GraphQL's errors, a close event or anything else thrown has to say. */
function messageOf(error: unknown): string {
  if (Array.isArray(error) && error.length > 0) return error.map((one) => messageOf(one)).join(' ');
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return 'The line to the server broke.';
}
