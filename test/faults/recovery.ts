import { Queue } from 'bullmq';
import type { QueueName } from '../../src/queue/names.ts';
import { until } from '../support/until.ts';
import type { ProcessName, Stage } from './stage.ts';

const LOOK_MS = 200;
/** Beyond this something is stuck, and the checker says what. */
const PATIENCE_MS = 90_000;

/** One thing that was in hand when a worker died, in a state that a change of hands changes. */
interface Held {
  key: string;
  state: string;
}

/** Watches what was in hand at each kill until somebody else has it. */
export interface Recovery {
  /** To be called straight after the signal. */
  mark(victim: ProcessName): Promise<void>;
  /** Resolves when all of it was taken up: how long the slowest took (ms), and what it was. */
  slowest(): Promise<{ ms: number; what: string }>;
}

/** A job of sends only names them: what delivery has in hand is what it claimed, and the rest is a campaign that waits for its turn. */
const QUEUES: Partial<Record<string, QueueName[]>> = { execution: ['runs-interactive', 'runs-bulk'] };

/** A send changes hands by its attempt or its status; a row of a mailbox is gone when its run has taken it. */
const STATES = `SELECT 'send ' || id AS key, concat_ws(' ', channel, step_id, status, attempt, lease_until) AS state FROM sends WHERE ended_at IS NULL AND (id = ANY($1::uuid[]) OR id = ANY($2::uuid[]))
  UNION ALL SELECT concat_ws(' ', 'row', kind, enrollment_id, id), step_id FROM workflow_scheduled_actions WHERE enrollment_id = ANY($2::uuid[]) AND status = 'pending' AND scheduled_for <= (SELECT journey_now())`;
const CLAIMED = "SELECT id FROM sends WHERE status = 'executing'";
const DUE_TIMERS =
  "SELECT DISTINCT enrollment_id AS id FROM workflow_scheduled_actions WHERE kind = 'timer' AND status = 'pending' AND scheduled_for <= (SELECT journey_now()) LIMIT 2000";

/**
 * Starts to watch. Whose hands a thing was in cannot be told from outside, so all that was claimed, and the contents of every job that was being worked on, is
 * watched, but for sends that were only named: what the living held is in other hands long before what the dead held.
 */
export function watchRecovery(stage: Stage): Recovery {
  const open = new Map<string, { state: string; since: number; sends: string[]; runs: string[] }>();
  const worst = { ms: 0, what: 'nothing' };
  let looking: Promise<void> | null = null;

  const states = (sends: string[], runs: string[]): Promise<Held[]> => stage.ask<Held>(STATES, [sends, runs]);

  const look = async (): Promise<void> => {
    while (open.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const watched = [...open.values()];
      const now = new Map(
        (await states([...new Set(watched.flatMap(({ sends }) => sends))], [...new Set(watched.flatMap(({ runs }) => runs))])).map(({ key, state }) => [key, state]),
      );
      for (const [key, { state, since }] of open) {
        if (now.get(key.slice(key.indexOf('|') + 1)) === state) continue;
        open.delete(key);
        const ms = performance.now() - since;
        if (ms > worst.ms) Object.assign(worst, { ms, what: `${key} ${state}` });
      }
    }
    looking = null;
  };

  return {
    async mark(victim) {
      const since = performance.now();
      const worker = victim.replace('-2', '');
      const [sends, timers] = await Promise.all([stage.ask<{ id: string }>(CLAIMED), worker === 'scheduling' ? stage.ask<{ id: string }>(DUE_TIMERS) : []]);
      const jobs = await idsInHand(stage, QUEUES[worker] ?? []);
      const [sendIds, runIds] = [sends.map(({ id }) => id), [...timers.map(({ id }) => id), ...jobs]];
      for (const { key, state } of await states(sendIds, runIds)) {
        const id = key.split(' ')[key.startsWith('row') ? 2 : 1]!;
        open.set(`${since}|${key}`, { state, since, sends: key.startsWith('row') ? [] : [id], runs: key.startsWith('row') ? [id] : [] });
      }
      if (open.size > 0) looking ??= look();
    },
    async slowest() {
      await until('all that was in hand to change hands', () => open.size === 0, PATIENCE_MS);
      return worst;
    },
  };
}

/** The ids of the jobs that somebody works on, the dead among them. */
async function idsInHand(stage: Stage, names: QueueName[]): Promise<string[]> {
  const jobs = await Promise.all(names.map(async (name) => {
    const queue = new Queue<{ ids: string[] }>(name, { connection: { url: stage.servers.redisUrl }, prefix: stage.house.ctx.environment.redisPrefix });
    try {
      return await queue.getActive();
    } finally {
      await queue.close();
    }
  }));
  return jobs.flat().flatMap((job) => job?.data.ids ?? []);
}
