import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { goOn, record, type Settled } from './go-on.ts';

const COLLECT_MS = 8;
const AT_MOST = 200;
/** The ledger is written again after these waits; then the lease runs out and another worker looks the send up. */
const TRY_AGAIN_MS = [100, 400, 1_500, 4_000];

interface Entry extends Settled {
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

  /** Resolves once the result is written and its run went on or was nudged, or given up: then the sweeper repairs it. */
  record(settled: Settled): Promise<void> {
    return new Promise((done) => {
      this.#entries.push({ ...settled, done });
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
    for (const [attempt, wait] of [...TRY_AGAIN_MS, null].entries()) {
      try {
        // What could not be written at first is only recorded then: the runs go on by their mailboxes.
        await (attempt === 0 ? goOn(this.#ctx, entries) : record(this.#ctx, entries));
        return;
      } catch (error) {
        this.#ctx.logger.error({ error: messageOf(error), sends: entries.length }, 'results of sends could not be written');
        if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}
