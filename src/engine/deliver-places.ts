import type { Channel } from '../core/state.ts';

/**
 * How many calls may be under way at once in this process, by channel. Places are taken before sends are claimed, so what is
 * claimed starts at once, and a channel whose provider hangs holds up no other.
 */
export class Places {
  readonly #free: Map<Channel, number>;
  readonly #waiters = new Set<() => void>();

  /** @param limits `Infinity` for a channel that bears anything. */
  constructor(limits: Record<Channel, number>) {
    this.#free = new Map(Object.entries(limits) as [Channel, number][]);
  }

  /** Takes up to `wanted` places of each named channel; null when none of them had one within `patienceMs`. */
  async take(names: Channel[], wanted: number, patienceMs: number): Promise<Partial<Record<Channel, number>> | null> {
    const deadline = performance.now() + patienceMs;
    while (!names.some((name) => this.#freeOf(name) > 0)) {
      const left = deadline - performance.now();
      if (left <= 0) return null;
      await this.#change(left);
    }
    return Object.fromEntries(names.map((name) => [name, this.#takeOf(name, wanted)]));
  }

  release(name: Channel, count = 1): void {
    if (count === 0) return;
    this.#free.set(name, this.#freeOf(name) + count);
    for (const wake of this.#waiters) wake();
  }

  #freeOf(name: Channel): number {
    return this.#free.get(name) ?? 0;
  }

  #takeOf(name: Channel, wanted: number): number {
    const taken = Math.min(wanted, this.#freeOf(name));
    this.#free.set(name, this.#freeOf(name) - taken);
    return taken;
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#waiters.add(done);
    });
  }
}
