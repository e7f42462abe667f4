import type { Context } from '../context.ts';
import type { Lane } from '../core/ports/hot-path.ts';
import { messageOf } from '../errors.ts';

const SLOT_MS = 50;
/** Beyond this the sweeper finds the send by itself. */
const LONGEST_MS = 60_000;

/** Rings for sends after a while, those of the same moment together. Only a convenience: the ledger knows when each is due. */
export class Later {
  readonly #ctx: Context;
  readonly #slots = new Map<string, string[]>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  ring(lane: Lane, ids: string[], inMs: number): void {
    if (inMs > LONGEST_MS || ids.length === 0) return;
    const slot = Math.ceil((performance.now() + inMs) / SLOT_MS) + 1;
    const key = `${lane}/${slot}`;
    const waiting = this.#slots.get(key);
    if (waiting) return void waiting.push(...ids);
    this.#slots.set(key, [...ids]);
    setTimeout(() => this.#fire(lane, key), slot * SLOT_MS - performance.now()).unref();
  }

  #fire(lane: Lane, key: string): void {
    const ids = this.#slots.get(key) ?? [];
    this.#slots.delete(key);
    this.#ctx.queue.nudgeSends(lane, ids).catch((error: unknown) => this.#ctx.logger.warn({ error: messageOf(error), sends: ids.length }, 'sends could not be nudged'));
  }
}
