import { startPostgresMeter } from './postgres-meter.ts';

/**
 * WORK, the same for everybody: contacts × five steps (condition → set field → A/B split → send → complete), one log row
 * a step, the enrollment row updated, the send a no-op that must not happen before its intent is durable.
 */
export interface WorkContact {
  id: string;
  first_name: string;
  email: string;
  tags: string[];
  custom_fields: Record<string, unknown>;
}

/** What a contender reports of one run, after its counts were read back from its own storage. */
export interface Measured {
  contender: string;
  enrollments: number;
  steps: number;
  seconds: number;
  /** User and system CPU of the contender's own process. */
  cpuSeconds: number;
  peakMemoryMb: number;
  /** What PostgreSQL spent meanwhile; null where its processes cannot be read, absent where there is none. */
  postgres?: { cpuSeconds: number | null; walBytes: number; commits: number };
  /** Figures of workloads that are no throughput: `p50` in ms … */
  figures?: Record<string, number>;
}

/** Where a contender works: everything here is its own. */
export interface Ground {
  databaseUrl: string;
  redisUrl: string;
  /** How many enrollments, or what the workload counts. */
  size: number;
}

export const contactOf = (n: number): WorkContact => ({
  id: `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  first_name: `Contact ${n}`,
  email: `contact-${n}@example.com`,
  tags: n % 2 === 0 ? ['vip'] : ['new'],
  custom_fields: { score: n % 100, plan: 'pro' },
});

export const isVip = (contact: WorkContact): boolean => contact.tags.includes('vip');
export const variantOf = (contact: WorkContact): 'A' | 'B' => (contact.id.charCodeAt(contact.id.length - 1) % 2 === 0 ? 'A' : 'B');

/**
 * Times `run`, and adds what the process used meanwhile.
 * @param databaseUrl the PostgreSQL that is worked on, to say what it spent.
 */
export async function measure(contender: string, enrollments: number, run: () => Promise<void>, databaseUrl?: string): Promise<Measured> {
  const meter = databaseUrl === undefined ? null : await startPostgresMeter(databaseUrl);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(cpu);
  const measured = { contender, enrollments, steps: enrollments * 5, seconds, cpuSeconds: (used.user + used.system) / 1e6, peakMemoryMb: peakMemoryMb() };
  return meter ? { ...measured, postgres: await meter.stop() } : measured;
}

/** The most memory that this process ever held. */
export const peakMemoryMb = (): number => process.resourceUsage().maxRSS / 1_024;

/** Runs `work` over all items with at most `width` at once. */
export async function each<Item>(items: Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Fails the run when the storage does not hold what the work should have left. */
export function verify(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, expected ${expected}. The figures of this run mean nothing.`);
}

/** Waits until `holds`, looking every `everyMs`. Throws after `atMostMs`. */
export async function until(what: string, holds: () => Promise<boolean>, everyMs = 20, atMostMs = 120_000): Promise<void> {
  const deadline = performance.now() + atMostMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Gave up waiting after ${atMostMs / 1_000} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
