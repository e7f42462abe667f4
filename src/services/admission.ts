import type { Context } from '../context.ts';
import type { EnrollmentAnswer, NewEnrollment } from '../core/ports/desk.ts';
import type { WorkflowRecord } from '../core/ports/records.ts';
import type { Program } from '../core/program.ts';
import { newRunState, type Contact, type Data, type Run } from '../core/state.ts';
import { renderText } from '../core/templates/render.ts';
import { scopeOf } from '../core/templates/scope.ts';
import { programsOf } from '../engine/programs.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, type Caller } from './caller.ts';
import { publishLive } from './doorbells.ts';
import { getWorkflow } from './workflows.ts';

export interface Opened {
  workflow: WorkflowRecord;
  program: Program;
  versionId: string;
}

/** The workflow's published program, when it takes people in. Throws WORKFLOW_NOT_ACTIVE, NOT_FOUND. */
export async function openWorkflow(ctx: Context, who: Caller, id: string): Promise<Opened> {
  const workflow = await getWorkflow(ctx, who, { id });
  const versionId = workflow.publishedVersionId;
  if (workflow.status !== 'active' || workflow.entryStopped || versionId === null) throw notActive(workflow);
  const compiled = (await programsOf(ctx, [versionId])).get(versionId);
  if (!compiled || 'error' in compiled) throw new MillraceError(
    'INVALID_STATE', `Workflow "${workflow.name}" cannot run: ${compiled?.error ?? 'its version is gone'}. Publish it again.`,
  );
  return { workflow, program: compiled.program, versionId };
}

/**
 * Lets contacts into an open workflow and tells watchers; the caller rings the bell of its lane.
 * Throws NOT_FOUND naming an unknown contact (then nobody is let in), WORKFLOW_NOT_ACTIVE when the door closed meanwhile.
 */
export async function letIn(ctx: Context, who: Caller, input: Opened & { contactIds: string[]; initial: Data }): Promise<EnrollmentAnswer[]> {
  const { workflow, program, versionId, contactIds, initial } = input;
  const desk = ctx.desk(who.locationId);
  const known = contactIds.every(isUuid) ? await desk.knownContacts(contactIds) : new Set<string>();
  const stranger = contactIds.find((id) => !known.has(id.toLowerCase()));
  if (stranger !== undefined) throw new NotFoundError('contact', stranger);
  const triggerData = { type: 'manual', data: initial };
  const keyOf = program.settings.entryKey === null ? async () => '' : await entryKeys(ctx, who, workflow, program, triggerData, initial);
  const rows: NewEnrollment[] = [];
  for (const contactId of contactIds) rows.push({ contactId: contactId.toLowerCase(), entryKey: await keyOf(contactId), initial, triggerData });
  const audit = auditLine(who, 'enrollment.create', workflow.id, { workflow_id: workflow.id });
  const { refused, answers } = await desk.enroll(workflow.id, versionId, program.settings.reentry, rows, audit);
  if (refused) throw notActive(workflow);
  const created = answers.filter((answer) => answer.created);
  if (created.length > 0) {
    const runs = created.slice(0, 1_000).map(({ enrollmentId }) => ({ id: enrollmentId, rev: 1, status: 'active', moves: [] }));
    publishLive(ctx, { locationId: who.locationId, workflowId: workflow.id, runs, counts: { enrolled: created.length } });
  }
  return answers;
}

/** Renders `settings.entry_key` for each contact. It may read the contact, so each is looked up. */
async function entryKeys(ctx: Context, who: Caller, workflow: WorkflowRecord, program: Program, trigger: Data, initial: Data): Promise<(contactId: string) => Promise<string>> {
  const desk = ctx.desk(who.locationId);
  const [location, assets] = await Promise.all([desk.readLocation(), desk.readAssets()]);
  const now = ctx.clock.journeyNow();
  return async (contactId) => {
    const contact = (await desk.findContact(contactId)) as Contact;
    const run: Run = { id: '', contactId, workflowId: workflow.id, enrolledAt: now, trigger, depth: 0, state: newRunState(initial) };
    const scope = scopeOf(run, { now, contact, workflow, location, assets, paused: false }, program.settings.timezone);
    return renderText(program.settings.entryKey ?? '', scope);
  };
}

const notActive = (workflow: WorkflowRecord): MillraceError => {
  const why = workflow.status === 'active' ? 'takes nobody in at the moment (its entry is stopped)' : `is ${workflow.status}`;
  return new MillraceError('WORKFLOW_NOT_ACTIVE', `Workflow "${workflow.name}" ${why}: publish or resume it, or open its entry, before enrolling anybody.`, {
    detail: { status: workflow.status },
  });
};
