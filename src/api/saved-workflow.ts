import type { Diagnostic as Finding } from '../core/definition/diagnostic.ts';
import { Diagnostic } from './diagnostic.ts';
import { workflowField, type Fields } from './fields.ts';
import { uuidOf } from './ids.ts';

/** What a saved or published definition answers with; the rows themselves are read as far as the client asked. */
export interface Saved {
  workflowId: string;
  versionId: string | null;
  diagnostics: Finding[];
}

export const saved = (answer: { workflow: { id: string }; version: { id: string } | null; diagnostics: Finding[] }): Saved => (
  { workflowId: answer.workflow.id, versionId: answer.version?.id ?? null, diagnostics: answer.diagnostics }
);

export const REVISION = 'The revision that the change was made upon; a stale one is refused with `VersionConflict`.';
export const WORKFLOW_ID = 'The workflow\'s node id or uuid.';

export const onWorkflow = (input: { id: string; expectedRevision?: number | null }) => ({ id: uuidOf('Workflow', input.id), expectedRevision: input.expectedRevision ?? null });

/** The fields of a payload that answers with a definition. */
export function savedFields<Parent extends Saved>(t: Fields<Parent>) {
  return {
    workflow: workflowField(t),
    version: t.prismaField({
      type: 'WorkflowVersion',
      nullable: true,
      description: 'The version that was written or published.',
      resolve: (query, { versionId }, _args, { db }) => (versionId === null ? null : db.workflowVersion.findUnique({ ...query, where: { id: versionId } })),
    }),
    diagnostics: t.field({ type: [Diagnostic], description: 'What is to be said about the definition.', resolve: ({ diagnostics }) => diagnostics }),
  };
}
