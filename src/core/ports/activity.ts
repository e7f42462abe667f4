import type { EnrollmentStatus } from '../state.ts';

/** A place in the order in which the step logs tell of moves: by moment (journey ms), run, and place in the run. */
export interface LogPlace {
  at: number;
  enrollmentId: string;
  place: number;
}

/** One move of a run, or its end (`status`), as a commit told of it. */
export interface LoggedMove extends LogPlace {
  workflowId: string;
  /** The run's revision by that commit. */
  revision: number;
  /** Empty for the entry. */
  from: string;
  outcome: string;
  to: string;
  /** How the run ended; null for a move. */
  status: EnrollmentStatus | null;
}

export interface ActivityDesk {
  /** Moves of some workflows (null: all) behind a place, up to a moment and `limit`, in order. Null when it takes longer than five seconds. */
  readMoves(workflowIds: string[] | null, after: LogPlace, until: number, limit: number): Promise<LoggedMove[] | null>;
}

/** The step logs as the activity feed reads them where it has gone on. */
export interface ActivityLog {
  /** Moves behind a place, up to a moment (journey ms) and `limit`, in the order of their moments. Null when that is too much to look through. */
  read(after: LogPlace, until: number, limit: number): Promise<LoggedMove[] | null>;
  /** A moment of the machine's clock in journey ms. */
  journeyAt(machineMs: number): number;
  /** How many journey ms a machine one is. */
  speed: number;
}
