import type { Recall } from './conditions/recall.ts';
import type { Data, EnrollmentStatus, QuietHours } from './state.ts';

/** What `on_error: <step id>` is called among the outcomes. */
export const ERROR_EDGE = '$error';

/** A definition made ready to run: every edge resolved, every step looked up. Built once per version by `compile`. */
export interface Program {
  name: string;
  entry: Target;
  steps: Map<string, ProgramStep>;
  /** In the order of the file. */
  order: string[];
  triggers: TriggerConfig[];
  exitConditions: ExitCondition[];
  /** Goals that are watched from entry, in the order of the file. */
  magnets: Magnet[];
  settings: Settings;
  /** Event types that any goal, wait or exit rule of it may react to; `*` for all. */
  listens: string[];
  /** What its conditions look up in the contact's history; empty for most programs, and then nobody reads it. */
  recalls: Recall[];
}

export interface ProgramStep {
  id: string;
  type: string;
  label: string | null;
  /** Parsed by the step's own schema. */
  config: unknown;
  /** Outcome name → where it leads. Every outcome of the step has one. */
  edges: Record<string, Target>;
  if: unknown[] | null;
  onError: 'fail' | 'continue' | { stepId: string };
  retry: { attempts: number; backoffMs: number } | null;
}

/** Where an edge leads: on to a step, or to an end of the run. */
export type Target = { stepId: string } | { end: { status: Exclude<EnrollmentStatus, 'active'>; reason: string | null } };

export interface TriggerConfig {
  type: string;
  /** Parsed by the trigger's own schema. */
  config: Data;
  /** A condition list, evaluated once, at entry. */
  filters: unknown[];
  onImport: 'ignore' | 'enroll';
}

export interface ExitCondition {
  id: string;
  on: string | null;
  if: unknown[] | null;
  reason: string;
  status: 'exited' | 'completed';
}

/** A goal that draws the run to itself. `from`: the steps that it can be reached from, by the edges of the graph. */
export interface Magnet {
  stepId: string;
  from: ReadonlySet<string>;
}

export interface Settings {
  reentry: 'never' | 'after_exit' | { afterMs: number };
  entryKey: string | null;
  /** `contact`, or an IANA zone. */
  timezone: string;
  maxRunAgeMs: number | null;
  /** Null: the location's own, when it has some. */
  quietHours: QuietHours | null;
}
