/** The store's half of what the HTTP doors need beside the desk: answers kept for repeated requests, and the installation's health. */

/** A request that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  locationId: string;
  /** Method and path: the same key on another route is another request. */
  route: string;
  key: string;
  /** SHA-256 of the body, hexadecimal. */
  bodyHash: string;
}

/** An answer as it was sent, to be sent again. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

export type KeyClaim =
  | { kind: 'fresh' }
  /** Answered before: send this. */
  | { kind: 'answered'; answer: KeptAnswer }
  /** The first request with this key has not been answered yet. */
  | { kind: 'running' }
  /** The key was used with another body. */
  | { kind: 'other_body' };

/** The workers of an installation: one process each at least, or journeys stand still. Files in `workers/` bear their names. */
export const workerNames = ['execution', 'scheduling', 'triggers', 'delivery'] as const;

export interface DoorStore {
  /** Takes a key for this request, in one statement. A claim without an answer is free again after a minute, an answer after a day. */
  claimKey(request: KeyedRequest): Promise<KeyClaim>;
  /** Keeps the answer under the key, or frees the key when there is none to keep. */
  settleKey(request: KeyedRequest, answer: KeptAnswer | null): Promise<void>;
  /** A worker says that it lives. */
  beat(worker: { name: string; pid: number; host: string }): Promise<void>;
  /** Names of workers that were heard of within so many machine ms. */
  livingWorkers(withinMs: number): Promise<string[]>;
  /** Names of the migrations that this database has. */
  appliedMigrations(): Promise<string[]>;
}
