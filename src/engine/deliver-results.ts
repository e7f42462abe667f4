import type { Context } from '../context.ts';
import type { Lane, SendResult } from '../core/ports/hot-path.ts';
import { messageOf } from '../errors.ts';

const COLLECT_MS = 8;
const AT_MOST = 200;
/** The ledger is written again after these waits; then the lease runs out and another worker looks the send up. */
const TRY_AGAIN_MS = [100, 400, 1_500, 4_000];

interface Entry {
  result: SendResult;
  enrollmentId: string;
  lane: Lane;
  done: () => void;
}

/** Collects the results of many sends for a few milliseconds: two hundred fast ones become a few statements. */
export class Results {
  readonly #ctx: Context;
  #entries: Entry[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Resolves once the result is written and its run nudged, or given up: then the sweeper repairs it. */
  record(result: SendResult, enrollmentId: string, lane: Lane): Promise<void> {
    return new Promise((done) => {
      this.#entries.push({ result, enrollmentId, lane, done });
      if (this.#entries.length >= AT_MOST) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), COLLECT_MS);
    });
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const entries = this.#entries;
    this.#entries = [];
    void this.#write(entries).finally(() => entries.forEach(({ done }) => done()));
  }

  async #write(entries: Entry[]): Promise<void> {
    const nudge = await this.#finish(entries.map(({ result }) => result));
    const laneOf = new Map(entries.map(({ enrollmentId, lane }) => [enrollmentId, lane]));
    await nudgeRuns(this.#ctx, nudge, (id) => laneOf.get(id) ?? 'bulk');
  }

  async #finish(results: SendResult[]): Promise<string[]> {
    for (const wait of [...TRY_AGAIN_MS, null]) {
      try {
        return (await this.#ctx.sends.finish(results)).nudge;
      } catch (error) {
        this.#ctx.logger.error({ error: messageOf(error), sends: results.length }, 'results of sends could not be written');
        if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return [];
  }
}

/** Rings for runs, each on its own lane. A lost ring is found by the sweeper, so a broken queue fails nothing here. */
export async function nudgeRuns(ctx: Context, ids: string[], laneOf: (id: string) => Lane): Promise<void> {
  for (const lane of ['interactive', 'bulk'] as const) {
    const own = ids.filter((id) => laneOf(id) === lane);
    if (own.length > 0) await ctx.queue.nudgeRuns(lane, own).catch((error: unknown) => ctx.logger.warn({ error: messageOf(error), runs: own.length }, 'runs could not be nudged'));
  }
}
