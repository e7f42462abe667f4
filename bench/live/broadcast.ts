import { startScript, type WorkerProcess } from '../ours/worker-process.ts';
import { until, verify } from '../work.ts';
import type { Counts, PublisherPlan, ReaderPlan, Report, ToPublisher, ToReader } from './told.ts';

export interface Load {
  sockets: number;
  /** Step events a second, each told to every socket. */
  rate: number;
  seconds: number;
}

export interface Broadcast {
  /** CPU of the server for one event to one subscriber, in µs. */
  micros: number;
  cpuSeconds: number;
  seconds: number;
  deliveries: number;
  p50: number;
  p99: number;
  /** Sockets that fell behind, were told so with a cursor, and came back. */
  resumed: number;
  peakMb: number;
}

/** Sockets that parse what they get. */
const SAMPLED = 10;
const WARM_SECONDS = 3;

/**
 * Lets subscribers in a process of their own hear events from a publisher in a process of its own, and measures the server between them. Every socket
 * must have got every event, and the sampled ones once and in order; else it throws.
 */
export async function broadcast(server: WorkerProcess, door: Omit<ReaderPlan, 'sockets' | 'sampled'>, source: PublisherPlan, { sockets, rate, seconds }: Load): Promise<Broadcast> {
  const plan: ReaderPlan = { ...door, sockets, sampled: Math.min(SAMPLED, sockets) };
  const publisher = await startScript('live/publisher-process.ts', [JSON.stringify(source)]);
  const readers = await startScript('live/reader-process.ts', [JSON.stringify(plan)]);
  const ask = <Answer = Counts>(order: ToReader): Promise<Answer> => readers.ask<Answer>(order);
  const publish = (first: number, count: number): Promise<unknown> => publisher.ask({ rate, first, count } satisfies ToPublisher);
  try {
    await listening(publisher, ask);
    const warm = rate * WARM_SECONDS;
    await ask({ ask: 'begin', expected: 0 });
    await publish(0, warm);
    await heard(ask, warm);

    const count = rate * seconds;
    await ask({ ask: 'begin', expected: warm });
    const [before, began] = [server.cpuSeconds(), performance.now()];
    await publish(warm, count);
    await heard(ask, count);
    const [cpuSeconds, took] = [server.cpuSeconds() - before, (performance.now() - began) / 1_000];

    const { most, closed, resumed, read, faults, p50, p99 } = await ask<Report>({ ask: 'report' });
    if (faults.length > 0) throw new Error(`Subscribers were told wrong things: ${faults.join('; ')}`);
    verify('sockets that the server closed', closed, 0);
    verify('events that the sockets got at most', most, count);
    verify('events that the sampled sockets read', read, count * plan.sampled);
    const deliveries = count * sockets;
    return { micros: (cpuSeconds / deliveries) * 1e6, cpuSeconds, seconds: took, deliveries, p50, p99, resumed, peakMb: server.peakMemoryMb() };
  } finally {
    await Promise.all([publisher.stop(), readers.stop()]);
  }
}

/** A subscription has no acknowledgement: everybody listens once everybody heard something. */
async function listening(publisher: WorkerProcess, ask: (order: ToReader) => Promise<Counts>): Promise<void> {
  await until('every subscriber to listen', async () => {
    await publisher.ask({ rate: 1_000, first: 0, count: 1 } satisfies ToPublisher);
    return (await ask({ ask: 'counts' })).fewest > 0;
  }, 200);
  let last = -1;
  await until('silence', async () => {
    const { most } = await ask({ ask: 'counts' });
    const still = most === last;
    last = most;
    return still;
  }, 300);
}

const heard = (ask: (order: ToReader) => Promise<Counts>, count: number): Promise<void> =>
  until(`every socket to get ${count} events`, async () => {
    const { fewest, closed } = await ask({ ask: 'counts' });
    if (closed > 0) throw new Error(`The server closed ${closed} sockets without a cursor.`);
    return fewest >= count;
  }, 50);
