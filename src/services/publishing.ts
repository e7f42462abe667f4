import type { Context } from '../context.ts';
import { compile } from '../core/definition/compile.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { PublishPolicy, StepMap } from '../core/definition/publish-plan.ts';
import type { WorkflowChange, WorkflowInHand } from '../core/ports/desk.ts';
import type { VersionRecord, WorkflowRecord } from '../core/ports/records.ts';
import { migrateRuns } from '../engine/migrate-runs.ts';
import { MillraceError, messageOf, NotFoundError } from '../errors.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { changeWorkflow, type OnWorkflow } from './change-workflow.ts';
import { contentOf, examine, examineFully, isError, refusedDefinition, sourceOfVersion, surroundingsOf } from './definitions.ts';
import { EXIT_REASON, placesOf, programOfVersion, readPublishing, stakesOf } from './publish-plan.ts';
import { checkRevision, getVersion, getWorkflow, saveSource, type SavedWorkflow } from './workflows.ts';

export interface PublishInput extends OnWorkflow {
  /** What becomes of the people inside: `finish_on_old` (default), `migrate` (the same step id maps by itself, `stepMap` says the rest), or `exit`. */
  policy?: PublishPolicy;
  /** Old step id → a step of the version to come, or an end such as `exit_removed`. */
  stepMap?: StepMap;
}

export interface Published {
  workflow: WorkflowRecord;
  version: VersionRecord;
  diagnostics: Diagnostic[];
  /** People who were taken along so far. The scheduling worker takes the rest; a message that is on its way is answered first. */
  moved: number;
  /** People whose run this publish ended so far. */
  ended: number;
}

/** Pages of people that are moved before the call answers: ten thousand people. */
const PAGES_AT_ONCE = 20;

/**
 * Publishes the draft: a new immutable version. Publishing without a draft changes nothing; a paused workflow stays paused.
 * Throws VALIDATION_FAILED (faults from the diagnostics, all of which are in `detail.diagnostics`) for errors and failing scenarios, VERSION_CONFLICT,
 * INVALID_STATE when archived, NOT_FOUND,
 * INVALID_INPUT for a step map that names what is not there, or leaves out a step at which people stand.
 */
export async function publishWorkflow(ctx: Context, who: Caller, input: PublishInput): Promise<Published> {
  const desk = deskFor(ctx, who, 'write');
  const around = await surroundingsOf(ctx, desk);
  const { policy, stepMap } = readPublishing(input);
  const places = policy === 'migrate' ? await placesOf(ctx, who, await getWorkflow(ctx, who, { id: input.id })) : null;
  let diagnostics: Diagnostic[] = [];
  const { workflow, version, exited } = await changeWorkflow(ctx, who, input, ({ workflow: { status, id }, draft }) => {
    if (!draft) return null;
    const examined = examineFully(sourceOfVersion(draft), around);
    diagnostics = examined.diagnostics;
    const errors = diagnostics.filter(isError);
    if (!examined.definition || errors.length > 0) throw refusedDefinition('cannot be published', errors, diagnostics);
    const program = compile(examined.definition);
    const stakes: Pick<WorkflowChange, 'exitAll' | 'migrate'> = places ? stakesOf(places, program, draft, stepMap) : policy === 'exit' ? { exitAll: { reason: EXIT_REASON } } : {};
    const audit = auditLine(who, 'workflow.publish', id, { version: draft.number, checksum: draft.checksum, policy, stepMap });
    return { publish: { listens: program.listens }, ...stakes, ...(status === 'draft' && { status: 'active' as const }), audit };
  });
  const current = version ?? (await desk.findVersion(input.id, 'published'));
  if (!current) throw new NotFoundError('version of workflow', input.id);
  return { workflow, version: current, diagnostics, ...(await takeAlong(ctx, input.id, version !== null && places !== null, exited.length)) };
}

/**
 * Takes a publish back: the version before (or `toVersion`, an earlier published one) is entered again, with the same policies for the people inside.
 * A draft stays as it is. Throws INVALID_STATE when there is no version before, NOT_FOUND for an unknown number, INVALID_INPUT as `publishWorkflow` does, VERSION_CONFLICT.
 */
export async function rollbackPublish(ctx: Context, who: Caller, input: PublishInput & { toVersion?: number | null }): Promise<Published> {
  const desk = deskFor(ctx, who, 'write');
  const { policy, stepMap } = readPublishing(input);
  const seen = await getWorkflow(ctx, who, { id: input.id });
  checkRevision(seen, input.expectedRevision ?? null, false);
  const target = await earlierVersion(ctx, who, seen, input.toVersion ?? null);
  const { definition, diagnostics } = examine(sourceOfVersion(target), await surroundingsOf(ctx, desk));
  const program = await programOfVersion(ctx, target);
  const places = policy === 'migrate' ? await placesOf(ctx, who, seen) : null;
  const decide = ({ workflow, draft }: WorkflowInHand): WorkflowChange => {
    checkRevision(workflow, seen.revision, false);
    const stakes = places ? stakesOf(places, program, target, stepMap) : policy === 'exit' ? { exitAll: { reason: EXIT_REASON } } : {};
    const content = draft || !definition ? null : contentOf({ source: sourceOfVersion(target), definition, diagnostics }, target.author ?? who.actor);
    return { goBack: { version: target, content }, ...stakes, audit: auditLine(who, 'workflow.rollback', workflow.id, { version: target.number, policy, stepMap }) };
  };
  const { workflow, exited } = await changeWorkflow(ctx, who, input, decide);
  return { workflow, version: target, diagnostics, ...(await takeAlong(ctx, input.id, places !== null, exited.length)) };
}

async function earlierVersion(ctx: Context, who: Caller, workflow: WorkflowRecord, number: number | null): Promise<VersionRecord> {
  const live = await ctx.desk(who.locationId).findVersion(workflow.id, 'published');
  if (!live) throw new MillraceError('INVALID_STATE', `Workflow "${workflow.name}" was never published, so there is nothing to go back from.`, {
    detail: { status: workflow.status },
  });
  if (number === null && live.number === 1) throw new MillraceError('INVALID_STATE', `Version 1 of workflow "${workflow.name}" is published, and there is none before it.`, {
    detail: { version: 1 },
  });
  const target = await getVersion(ctx, who, { workflowId: workflow.id, which: number ?? live.number - 1 });
  if (target.publishedAt !== null && target.id !== live.id) return target;
  throw new MillraceError(
    'INVALID_STATE',
    `Version ${target.number} of workflow "${workflow.name}" is ${target.publishedAt === null ? 'a draft: publish it' : 'the one that people enter'}.`,
    { detail: { version: target.number } },
  );
}

/** The first pages at once, so that the answer is true for all but the largest workflows. What fails here the scheduling worker does again. */
async function takeAlong(ctx: Context, workflowId: string, migrates: boolean, exited: number): Promise<{ moved: number; ended: number }> {
  if (!migrates) return { moved: 0, ended: exited };
  try {
    return await migrateRuns(ctx, workflowId, PAGES_AT_ONCE);
  } catch (error) {
    ctx.logger.warn({ workflowId, error: messageOf(error) }, 'people are taken along to the published version a little later');
    return { moved: 0, ended: 0 };
  }
}

/**
 * An earlier version's source becomes the draft, as it was written; publishing it is another step. Throws NOT_FOUND, VERSION_CONFLICT,
 * PRECONDITION_REQUIRED without a revision on a workflow that is no draft, INVALID_STATE when archived.
 */
export async function restoreWorkflowVersion(ctx: Context, who: Caller, input: OnWorkflow & { version: number }): Promise<SavedWorkflow> {
  deskFor(ctx, who, 'write');
  const version = await getVersion(ctx, who, { workflowId: input.id, which: input.version });
  return saveSource(ctx, who, { id: input.id, source: sourceOfVersion(version), expectedRevision: input.expectedRevision ?? null }, () => undefined);
}
