import { CloseCode, createClient, type Client } from 'graphql-ws';
import type { TypedDocumentString as Operation } from '../../generated/operations/graphql.ts';
import { Unanswered } from './question.ts';

/** How the line to the API is. `lost` says since when (ms) and comes back by itself; `refused` (the key opens nothing) and `ended` (the server will not have it) do not. */
export type LineState = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; since: number } | { kind: 'refused' } | { kind: 'ended' };

/** What hears a stream. */
export interface Ear<Result> {
  hear(result: Result): void;
  /** The server ended it with an error; `passing`: it may be asked for again in a moment. */
  fail(message: string, passing: boolean): void;
}

/** The line to the API that served this page: one socket for all that is asked and heard, and a request of its own for each change. */
export interface Link {
  /** Resolves with the answer, which it waits for while the line is lost. Rejects with an `Unanswered`. */
  ask<Result, Variables>(document: Operation<Result, Variables>, variables: Variables): Promise<Result>;
  /** Runs a mutation once: what is sent is never sent again by itself, for nobody knows whether it arrived. Rejects with an `Unanswered`, at once while the line is lost. */
  change<Result, Variables>(document: Operation<Result, Variables>, variables: Variables): Promise<Result>;
  /**
   * Hears a stream until the answer is called. When the line was lost the stream is asked for again with `variables` as they are then: who writes
   * its newest cursor into them misses nothing.
   */
  listen<Result, Variables extends object>(document: Operation<Result, Variables>, variables: Variables, ear: Ear<Result>): () => void;
  state(): LineState;
  /** Calls `changed` after every change of the state, until the answer is called. */
  watch(changed: () => void): () => void;
  close(): void;
}

const PING_MS = 10_000;
/** A line over which nothing comes back for so long is dead, though nobody closed it. */
const DEAF_MS = 5_000;
const LONGEST_WAIT_MS = 4_000;
/** The API closes a socket that sends more (bytes) in one message. */
const LARGEST = 1_000_000;

const noLine = (): Unanswered => new Unanswered('There is no line to the server. Try again when it is live.', true);
const tooLarge = (size: number): Unanswered =>
  new Unanswered(`This is too large to be sent: ${size.toLocaleString('en')} bytes, and a message may have ${LARGEST.toLocaleString('en')}.`, false);

export function openLink(key: string): Link {
  const line = stateOfLine();
  const client = openSocket(key, line.become);
  return {
    ask: (document, variables) => askOnce(client, document, variables),
    change: (document, variables) => (line.state().kind === 'live' ? post(key, document, variables) : Promise.reject(noLine())),
    listen: (document, variables, ear) => hearAll(client, document, variables, ear),
    state: line.state,
    watch: line.watch,
    close: () => void client.dispose(),
  };
}

function stateOfLine() {
  let state: LineState = { kind: 'connecting' };
  const watchers = new Set<() => void>();
  return {
    state: () => state,
    watch: (changed: () => void) => (watchers.add(changed), () => watchers.delete(changed)),
    become(next: LineState): void {
      if (state.kind === 'refused' || state.kind === 'ended' || (state.kind === 'lost' && next.kind === 'lost')) return;
      state = next;
      for (const changed of watchers) changed();
    },
  };
}

function openSocket(key: string, become: (state: LineState) => void): Client {
  let deaf: ReturnType<typeof setTimeout> | undefined;
  const client: Client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: { authorization: `Bearer ${key}` },
    lazy: false,
    keepAlive: PING_MS,
    retryAttempts: Infinity,
    retryWait: (tries) => new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, 250 * 2 ** tries) * (0.5 + Math.random()))),
    shouldRetry: (reason) => !isRefusal(reason),
    onNonLazyError: () => become({ kind: 'ended' }),
    on: {
      ping: (received) => void (received || (deaf = setTimeout(() => client.terminate(), DEAF_MS))),
      pong: (received) => void (received && clearTimeout(deaf)),
      connected: () => become({ kind: 'live' }),
      closed: (event) => {
        clearTimeout(deaf);
        become(isRefusal(event) ? { kind: 'refused' } : { kind: 'lost', since: Date.now() });
      },
    },
  });
  return client;
}

/** The API closes so when a key is unknown, expired or revoked. */
const isRefusal = (event: unknown): boolean => typeof event === 'object' && event !== null && 'code' in event && event.code === CloseCode.Forbidden;

function askOnce<Result, Variables>(client: Client, document: Operation<Result, Variables>, variables: Variables): Promise<Result> {
  const size = new TextEncoder().encode(JSON.stringify(variables)).length;
  if (size > LARGEST) return Promise.reject(tooLarge(size));
  return new Promise((resolve, reject) => {
    let answer: Result | null | undefined;
    client.subscribe<Result>({ query: document.toString(), variables: variables as Record<string, unknown> }, {
      next: ({ data, errors }) => (errors ? reject(unanswered(errors)) : (answer = data)),
      error: (error) => reject(unanswered(error)),
      complete: () => (answer ? resolve(answer) : reject(new Unanswered('The server ended without an answer.', true))),
    });
  });
}

async function post<Result, Variables>(key: string, document: Operation<Result, Variables>, variables: Variables): Promise<Result> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as { data?: Result | null; errors?: unknown } | null | undefined;
  if (!answer) throw new Unanswered('The server did not answer: look whether it was done before you try again.', true);
  if (answer.errors || !answer.data) throw unanswered(answer.errors);
  return answer.data;
}

function hearAll<Result, Variables extends object>(client: Client, document: Operation<Result, Variables>, variables: Variables, { hear, fail }: Ear<Result>): () => void {
  const failed = (error: unknown): void => {
    const { message, passing } = unanswered(error);
    fail(message, passing);
  };
  return client.subscribe<Result>({ query: document.toString(), variables: variables as Record<string, unknown> }, {
    // A part of an answer is none: what it lacks would be taken for nothing.
    next: ({ data, errors }) => (data && !errors ? hear(data) : failed(errors)),
    error: failed,
    complete: () => undefined,
  });
}

/** A reader that fell behind, a server that cannot read its database, a key that asks too much, a fault: what may be better in a moment. */
const PASSING: readonly unknown[] = ['UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'];

/** GraphQL's errors, a close event or anything else thrown, as what it has to say. */
function unanswered(error: unknown): Unanswered {
  const errors = (Array.isArray(error) ? error : [error]) as ({ message?: unknown; extensions?: { code?: unknown } } | null | undefined)[];
  const message = errors.map((one) => one?.message).filter((text) => typeof text === 'string' && text !== '').join(' ');
  return new Unanswered(message || 'The line to the server broke.', errors.some((one) => PASSING.includes(one?.extensions?.code)));
}
