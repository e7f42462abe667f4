import type { Transition } from '../core/state.ts';

/** One run of a write: its number in the batch, its facts, and its revision once the write stands. */
export interface Written {
  n: number;
  id: string;
  locationId: string;
  workflowId: string;
  contactId: string;
  contactRevision: number;
  revision: number;
  transition: Transition;
  sendId: string | null;
  /** So long (machine ms) this write holds its send, if it may. */
  claimMs: number | null;
  /** Runs that count the same in the stats share a number. */
  way: number;
  /** How many mailbox rows it consumes. */
  taken: number;
}

export interface Writes {
  runs: Written[];
  ways: Way[];
}

/** A set of counts that one or more runs of a version share. */
export interface Way {
  number: number;
  locationId: string;
  workflowId: string;
  versionId: string;
  counts: Count[];
}

/** What one run adds to its workflow's counters. A row that ended is `skipped` or `erred` besides when it was left by an edge all the same. */
export interface Count {
  kind: 'enrolled' | 'completed' | 'exited' | 'failed' | 'started' | 'ended' | 'skipped' | 'erred' | 'goal';
  stepId: string;
  outcome: string;
  n: number;
}
