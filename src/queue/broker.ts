import type { QueueOptions, WorkerOptions } from 'bullmq';
import type { Nudge, QueueName } from './names.ts';

/** What is used of BullMQ's `Queue`. */
export interface NudgeQueue {
  addBulk(jobs: { name: string; data: Nudge }[]): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  close(): Promise<void>;
}

/** What is used of BullMQ's `Worker`: closing waits for the jobs in hand. */
export interface NudgeWorker {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

export type Processor = (job: { data: unknown }) => Promise<void>;

/** Where jobs live: Redis, or PostgreSQL where there is none. Everything else about the queue is the same on both. */
export interface Broker {
  readonly kind: 'redis' | 'postgres';
  /** False while a command would only wait for a connection. */
  ready(): boolean;
  openQueue(name: QueueName): NudgeQueue;
  openWorker(name: QueueName, processor: Processor, concurrency: number): NudgeWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A nudge that is done is forgotten; of those that failed the last few hundred are kept to be looked at. */
export const jobOptions = {
  attempts: 4,
  backoff: { type: 'exponential', delay: 250, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { count: 500 },
} as const satisfies QueueOptions['defaultJobOptions'];

/**
 * A dead worker's job comes back within lockDuration + stalledInterval. Losing a worker is no fault of the job,
 * so it may happen any number of times; the database decides what a run deserves.
 */
export const workerOptions = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
  drainDelay: 5,
  runRetryDelay: 500,
} as const satisfies Partial<WorkerOptions>;

/** The length of BullMQ's own event stream, which nobody here reads. */
export const eventStream = { events: { maxLen: 100 } };
