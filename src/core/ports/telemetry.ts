import type { Lane } from './hot-path.ts';

/** What a span says beside its name: kinds, sizes, results. Never a contact's data. */
export type Attributes = Record<string, string | number | boolean>;

/** What the engine does in batches. */
export type Work = 'runs' | 'sends' | 'events';

/** How an attempt at a send ended. */
export type SendEnd = 'accepted' | 'skipped' | 'failed' | 'unknown' | 'again';

/** Counts and traces what this process does. Every call is cheap when nobody traces. */
export interface Telemetry {
  /** A batch: its size and time are counted, and it is a trace of its own unless it is part of a request. */
  batch<T>(work: Work, lane: Lane, size: number, run: () => Promise<T>): Promise<T>;
  /** A part of what is under way. */
  part<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T>;
  /** A request from outside; its `traceparent`, when it has one, is the trace that it belongs to. `run` gives the status. */
  request(name: string, attributes: Attributes, traceparent: string | undefined, run: () => Promise<number>): Promise<void>;
  /** Attempts at sends that were recorded. */
  sent(channel: string, end: SendEnd): void;
  /** All that was counted, in Prometheus's text format. */
  page(): Promise<string>;
}
