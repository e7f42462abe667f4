import type { Lane } from '../core/ports/hot-path.ts';
import type { Consumer } from '../core/ports/outside.ts';
import type { Broker } from './broker.ts';
import { createGatherer } from './gather.ts';
import { type Kind, MAX_IDS, nudge, queueName } from './names.ts';

export interface ConsumerOptions {
  /** How many calls of the handler may be under way at once. */
  concurrency: number;
  /** How long a single wake-up waits for company; 0 hands each job on as it comes. */
  gatherMs?: number;
}

/** Jobs that may be in hand while they gather; each is one small promise. */
const GATHERED_JOBS = 100;

/**
 * Answers one doorbell until it is stopped. A handler that throws leaves the nudge to be tried again a few times.
 * @param handler is given the ids of one or more nudges, each once, at most 200 (none at all for events).
 * @returns `stop` takes no more jobs and resolves when those in hand are done.
 */
export function startConsumer(broker: Broker, kind: Kind, lane: Lane, handler: (ids: string[]) => Promise<void>, options: ConsumerOptions): Consumer {
  const { concurrency, gatherMs = 0 } = options;
  const gatherer = gatherMs > 0 ? createGatherer(handler, { maxIds: MAX_IDS, waitMs: gatherMs, inFlight: concurrency }) : null;
  const process = async (job: { data: unknown }): Promise<void> => {
    const { ids } = nudge.parse(job.data);
    await (gatherer ? gatherer.add(ids) : handler(ids));
  };
  const worker = broker.openWorker(queueName(kind, lane), process, gatherer ? GATHERED_JOBS : concurrency);
  return { stop: () => worker.close() };
}
