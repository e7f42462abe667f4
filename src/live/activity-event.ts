/** What happened to one contact in a workflow, or a hole in what can be told. `cursor` names the place behind it. */
export type ActivityEvent =
  | { kind: 'entered' | 'moved'; cursor: string; at: number; workflowId: string; enrollmentId: string; revision: number; from: string; outcome: string; to: string }
  | { kind: 'ended'; cursor: string; at: number; workflowId: string; enrollmentId: string; revision: number; status: string }
  | { kind: 'gap'; cursor: string; at: number; reason: string };

/** Events in their order. Everybody who stands at the same place and asks for the same gets the same object. */
export type ActivityBatch = readonly ActivityEvent[];
