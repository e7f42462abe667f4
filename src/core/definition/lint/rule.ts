import type { Assets } from '../../state.ts';
import type { Definition, Finding } from '../definition.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Graph } from '../graph.ts';

/** What another workflow may be called by. */
export interface WorkflowName {
  id: string;
  slug: string;
  name: string;
}

export interface LintInput {
  definition: Definition;
  graph: Graph;
  /** Null when they are not known, e.g. while a text is being typed. */
  assets: Assets | null;
  /** Every workflow of the location that is not archived; null when they are not known. */
  workflows: WorkflowName[] | null;
  /** `host:port` pairs that may be called although they are private; null when they are not known. */
  outbound: string[] | null;
}

/** One thing that can be wrong with a definition of the right shape. */
export interface LintRule {
  id: string;
  severity: Diagnostic['severity'];
  /** What it finds and why that matters, for the reference. */
  docs: string;
  /** The steps of a definition (or a whole one) in which it finds something. */
  example?: string;
  /** What its fix does, when it has one. */
  fixes?: string;
  check(input: LintInput): Finding[];
}
