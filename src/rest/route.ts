import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { KeyScope } from '../core/ports/records.ts';
import type { Caller } from '../services/caller.ts';
import type { Body } from './body.ts';

/** One request as a handler sees it: everything parsed, the caller known and allowed. */
export interface Call<B = undefined, Q = Record<string, never>> {
  ctx: Context;
  who: Caller;
  /** Path parameters as they came; `id` is known to be a uuid, and empty where the path has none. */
  params: { id: string } & Record<string, string>;
  query: Q;
  body: B;
  /** The media type that was agreed upon, one of the route's `produces`. */
  accepts: string;
  request: Request;
  /** Asks again whether the key still opens the door; throws when it was revoked or has expired. For answers that last. */
  admit(): Promise<void>;
}

/** What a handler answers. `body` is sent as JSON; `text` as it is, with its own type; `stream` as server-sent events. */
export interface Reply {
  status: number;
  body?: unknown;
  text?: { type: string; content: string };
  stream?: ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
}

/** A body that is a definition: YAML text or a JSON value, read by `core/definition` alone. */
export type DefinitionBody = Exclude<Body, { format: 'none' }>;

/** One row of the table of routes. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** The GraphQL operation that does the same. */
  operation: string;
  summary: string;
  /** What the key must be allowed to do; null for everybody, without a key. */
  scope: KeyScope | null;
  /** A JSON body's schema, or `definition` for a body that is a whole definition. */
  body: z.ZodType | 'definition' | null;
  query: z.ZodType | null;
  /** Media types that it can answer with, the usual one first. */
  produces: string[];
  /** Request headers of its own that it goes by. */
  reads: ('If-Match' | 'If-None-Match')[];
  /** What its JSON answers look like when all is well; null when they have no body. */
  gives: z.ZodType | null;
  /** What each event of its `text/event-stream` holds as data. */
  tells: z.ZodType | null;
  /** Status → what it says, for the API's description. Problems that every route may have are left out. */
  responses: Record<number, string>;
  handle(call: Call<unknown, unknown>): Promise<Reply>;
}

type Declared<B, Q> = Pick<Route, 'method' | 'path' | 'operation' | 'summary' | 'scope' | 'gives' | 'responses'> & Partial<Pick<Route, 'reads' | 'tells'>> & {
  body?: z.ZodType<B> | (DefinitionBody extends B ? 'definition' : never);
  query?: z.ZodType<Q>;
  produces?: string[];
  handle(call: Call<B, Q>): Promise<Reply>;
};

/** Declares a row: the handler gets exactly what the row's schemas give. */
export function route<B = undefined, Q = Record<string, never>>(row: Declared<B, Q>): Route {
  const { body = null, query = null, produces = ['application/json'], reads = [], tells = null, handle } = row;
  // The pipeline parses body and query with these very schemas before it calls the handler.
  return { ...row, body, query, produces, reads, tells, handle: (call) => handle(call as Call<B, Q>) };
}
