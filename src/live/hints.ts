import type { Bus, LiveMessage } from '../core/ports/outside.ts';

/**
 * Sorts the bus's messages to those who watch one run, one workflow or one key. One listener on the bus serves them all, so a message costs
 * one look-up a run, however many subscribers there are.
 */
export interface Hints {
  /** Calls back after a commit of that run. Returns how to stop. */
  onRun(enrollmentId: string, ring: () => void): () => void;
  /** Calls back with every message of that workflow. Returns how to stop. */
  onWorkflow(workflowId: string, listen: (message: LiveMessage) => void): () => void;
  /** Calls back when that API key was revoked. Returns how to stop. */
  onKey(keyId: string, ring: () => void): () => void;
}

const byBus = new WeakMap<Bus, Hints>();

/** The hints of a bus: made once, kept as long as the bus lives. */
export function hintsOf(bus: Bus): Hints {
  const known = byBus.get(bus);
  if (known) return known;
  const made = createHints(bus);
  byBus.set(bus, made);
  return made;
}

function createHints(bus: Bus): Hints {
  const runs = new Map<string, Set<() => void>>();
  const workflows = new Map<string, Set<(message: LiveMessage) => void>>();
  const keys = new Map<string, Set<() => void>>();
  let leave: (() => void) | null = null;

  const hear = (message: LiveMessage): void => {
    workflows.get(message.workflowId)?.forEach((listen) => listen(message));
    if (message.revokedKey !== undefined) keys.get(message.revokedKey)?.forEach((ring) => ring());
    if (runs.size === 0) return;
    for (const run of message.runs) runs.get(run.id)?.forEach((ring) => ring());
  };
  const add = <L>(map: Map<string, Set<L>>, key: string, listener: L): (() => void) => {
    leave ??= bus.subscribe(hear);
    const listeners = map.get(key) ?? new Set<L>();
    map.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && map.get(key) === listeners) map.delete(key);
      if (runs.size + workflows.size + keys.size > 0) return;
      leave?.();
      leave = null;
    };
  };
  return {
    onRun: (id, ring) => add(runs, id, ring),
    onWorkflow: (id, listen) => add(workflows, id, listen),
    onKey: (id, ring) => add(keys, id, ring),
  };
}
