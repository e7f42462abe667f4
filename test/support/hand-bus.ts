import type { Bus, LiveMessage } from '../../src/core/ports/outside.ts';

/** A bus that delivers at once, in this process, and counts who listens. */
export interface HandBus extends Bus {
  listeners(): number;
}

export function createHandBus(): HandBus {
  const listeners = new Set<(message: LiveMessage) => void>();
  return {
    publish: (message) => listeners.forEach((listener) => listener(message)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {},
    listeners: () => listeners.size,
  };
}

/** A message about one workflow; `runs` by id with their moves. */
export const liveMessage = (workflowId: string, runs: Record<string, [string, string, string][]>): LiveMessage => ({
  locationId: 'loc',
  workflowId,
  at: 0,
  runs: Object.entries(runs).map(([id, moves]) => ({ id, rev: 1, status: 'active', moves })),
  counts: {},
});
