import type { Pool } from 'pg';
import type { Clock } from '../core/ports/outside.ts';

/**
 * Sets how many journey milliseconds pass in a machine one. Journey time goes on from where it is: it neither jumps nor goes
 * back, and it has passed while nothing ran. Called once at start, by the process that applies migrations.
 */
export async function rebaseJourneyClock(pool: Pick<Pool, 'query'>, speed: number): Promise<void> {
  await pool.query(REBASE, [speed]);
}

const REBASE = `UPDATE journey_clock c SET journey_epoch = c.journey_epoch + (t.at - c.real_epoch) * c.speed, real_epoch = t.at, speed = $1
  FROM (SELECT GREATEST(clock_timestamp(), real_epoch) AS at FROM journey_clock) t`;

/** How often a process looks at the database's clock again: its own may drift. */
const REFRESH_MS = 30_000;

export interface JourneyClock extends Clock {
  /** Reads the row and the database's time again. */
  refresh(): Promise<void>;
  /** Stops the refreshing. */
  close(): void;
}

interface Reading {
  realEpoch: number;
  journeyEpoch: number;
  speed: number;
  /** Database time minus the process's steady time. */
  offset: number;
}

/** Wall time as it was when the process started, and what has passed since: somebody who sets the machine's clock does not move it. */
const steady = (): number => performance.timeOrigin + performance.now();

/**
 * A process's view of journey time: the database's row and the measured offset between its clock and ours. Never goes back, and does not leap when the
 * machine's clock is set.
 */
export async function createJourneyClock(pool: Pool, machineNow: () => number = Date.now, steadyNow: () => number = steady): Promise<JourneyClock> {
  let reading = await read(pool, steadyNow);
  let latest = 0;
  const refresh = async (): Promise<void> => {
    reading = await read(pool, steadyNow);
  };
  // A failed look leaves the last reading in force; the next one comes in half a minute.
  const timer = setInterval(() => void refresh().catch(() => undefined), REFRESH_MS);
  timer.unref();
  return {
    machineNow,
    journeyNow() {
      const { realEpoch, journeyEpoch, speed, offset } = reading;
      latest = Math.max(latest, Math.floor(journeyEpoch + (steadyNow() + offset - realEpoch) * speed));
      return latest;
    },
    get speed() {
      return reading.speed;
    },
    refresh,
    close: () => clearInterval(timer),
  };
}

async function read(pool: Pool, steadyNow: () => number): Promise<Reading> {
  const before = steadyNow();
  const { rows } = await pool.query<{ real: number; journey: number; speed: number; now: number }>(READ);
  const row = rows[0];
  if (!row) throw new Error('The table journey_clock has no row. The first migration writes it: restore the row `INSERT INTO journey_clock VALUES (true, now(), now(), 1)`.');
  const between = (before + steadyNow()) / 2;
  return { realEpoch: row.real * 1000, journeyEpoch: row.journey * 1000, speed: row.speed, offset: row.now * 1000 - between };
}

const READ = `SELECT date_part('epoch', real_epoch) AS real, date_part('epoch', journey_epoch) AS journey, speed, date_part('epoch', clock_timestamp()) AS now
  FROM journey_clock`;
