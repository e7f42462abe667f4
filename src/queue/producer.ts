import type { Lane } from '../core/ports/hot-path.ts';
import type { OnTrouble, Queue } from '../core/ports/outside.ts';
import { within } from '../within.ts';
import type { Broker, NudgeQueue } from './broker.ts';
import { type Nudge, nudgesOf, queueName, queueNames, type QueueName } from './names.ts';

/** How long a caller is held up by a broker that does not answer. */
const PATIENCE_MS = 2_000;

/**
 * Rings the doorbells. A broker that is away costs its caller nothing: the nudge is dropped, said once per outage,
 * and the sweeper finds the rows that it named.
 */
export function createQueue(broker: Broker, onTrouble: OnTrouble): Queue {
  const open = new Map<QueueName, NudgeQueue>();
  let away = false;

  const queueOf = (name: QueueName): NudgeQueue => {
    const queue = open.get(name) ?? broker.openQueue(name);
    open.set(name, queue);
    return queue;
  };

  const ring = async (name: QueueName, nudges: Nudge[]): Promise<void> => {
    if (nudges.length === 0) return;
    try {
      if (!broker.ready()) throw new Error('not connected');
      await within(PATIENCE_MS, () => queueOf(name).addBulk(nudges.map((data) => ({ name: 'nudge', data }))));
      away = false;
    } catch (error) {
      reopenNextTime(name);
      if (!away) onTrouble(`a nudge for ${name} was dropped, the sweeper will find its rows`, error);
      away = true;
    }
  };

  /** BullMQ's queue stays broken for good when its connection fails while it opens. */
  const reopenNextTime = (name: QueueName): void => {
    open.get(name)?.close().catch(() => undefined);
    open.delete(name);
  };

  return {
    nudgeRuns: (lane: Lane, ids) => ring(queueName('runs', lane), nudgesOf(ids)),
    nudgeSends: (lane: Lane, ids) => ring(queueName('sends', lane), nudgesOf(ids)),
    nudgeEvents: () => ring('events', [{ ids: [] }]),
    ping: (timeoutMs) => within(timeoutMs, () => broker.ping()),
    async depths() {
      const counts = await Promise.all(queueNames.map((name) => within(PATIENCE_MS, () => queueOf(name).getWaitingCount())));
      return Object.fromEntries(queueNames.map((name, index) => [name, counts[index] ?? 0]));
    },
    async close() {
      await Promise.allSettled([...open.values()].map((queue) => within(PATIENCE_MS, () => queue.close())));
      await broker.close();
    },
  };
}
