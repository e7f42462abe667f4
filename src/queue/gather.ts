/** Hands ids on in batches. */
export interface Gatherer {
  /** Resolves or rejects as the batch does that the ids went into. */
  add(ids: string[]): Promise<void>;
}

interface Batch {
  ids: Set<string>;
  done: Promise<void>;
  settle: { resolve: () => void; reject: (error: unknown) => void };
}

/**
 * Gathers ids that arrive within a few milliseconds into one call of `handler`, so that two hundred single wake-ups cost
 * one statement. While all places are taken the next batch goes on growing, up to `maxIds`.
 * @param limits `waitMs`: how long the first id waits for company; `inFlight`: batches handled at once.
 */
export function createGatherer(handler: (ids: string[]) => Promise<void>, limits: { maxIds: number; waitMs: number; inFlight: number }): Gatherer {
  const full: Batch[] = [];
  let growing: Batch | null = null;
  let timer: NodeJS.Timeout | null = null;
  let running = 0;

  const close = (): void => {
    if (growing) full.push(growing);
    growing = null;
    if (timer) clearTimeout(timer);
    timer = null;
    start();
  };

  const start = (): void => {
    while (running < limits.inFlight && full.length > 0) void run(full.shift()!);
  };

  const run = async (batch: Batch): Promise<void> => {
    running += 1;
    try {
      await handler([...batch.ids]);
      batch.settle.resolve();
    } catch (error) {
      batch.settle.reject(error);
    }
    running -= 1;
    start();
  };

  return {
    add(ids) {
      const fits = growing && growing.ids.size + ids.length <= limits.maxIds;
      if (growing && !fits) close();
      growing ??= newBatch();
      const batch = growing;
      for (const id of ids) batch.ids.add(id);
      if (batch.ids.size >= limits.maxIds) close();
      else timer ??= setTimeout(close, limits.waitMs);
      return batch.done;
    },
  };
}

function newBatch(): Batch {
  let settle!: Batch['settle'];
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { ids: new Set(), done, settle };
}
