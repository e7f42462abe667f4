import type { Data, EnrollmentStatus, Input, Position } from '../state.ts';
import type { AuditLine } from './audit-line.ts';
import type { WorkflowStatus } from './records.ts';

/** Which runs a person means: one, or all of a workflow that a filter lets through. */
export type RunChoice = { id: string } | RunFilter;
export interface RunFilter {
  workflowId: string;
  status?: EnrollmentStatus | null;
  currentStep?: string | null;
  contactId?: string | null;
  /** Journey ms. */
  enrolledBefore?: number | null;
  enrolledAfter?: number | null;
}

/** Runs that stand alike: what can be done to one of them can be done to all. */
export interface RunGroup {
  versionId: string;
  workflowStatus: WorkflowStatus;
  status: EnrollmentStatus;
  currentStep: string | null;
  phase: Position['phase'];
  /** It waits for a moment, not for an event alone. */
  timed: boolean;
  /** The contact has come again since: at most one run of a contact may be active. */
  superseded: boolean;
  count: number;
}

/** A decision about groups: the mailbox row that every run of the groups to `take` gets. Null takes nobody. */
export interface RunDecision {
  take: RunGroup[];
  mail: { kind: Input['kind']; payload: Data };
  audit: AuditLine;
}

export interface RunOperationDesk {
  /** Reads how the chosen runs stand, asks `decide` (pure; it may throw to refuse), and writes the mailbox rows with the audit line, all in one transaction.
   *  `definitions` are those of the groups' versions, read only `withDefinitions`. `runs` want a nudge (at most 10,000; the sweeper finds the rest). */
  operateOnRuns(
    choice: RunChoice, decide: (groups: RunGroup[], definitions: Map<string, unknown>) => RunDecision | null, withDefinitions: boolean,
  ): Promise<{ groups: RunGroup[]; affected: number; runs: string[] }>;
}
