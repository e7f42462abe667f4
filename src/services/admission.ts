import type { Context } from '../context.ts';
import { asText } from '../core/as-text.ts';
import { evaluateConditions } from '../core/conditions/evaluate.ts';
import { pastEvent } from '../core/conditions/recall.ts';
import { failingClause, filtersByHand } from '../core/explain-entry.ts';
import type { EnrollmentAnswer, NewEnrollment } from '../core/ports/desk.ts';
import type { WorkflowRecord } from '../core/ports/records.ts';
import type { Program } from '../core/program.ts';
import { newRunState, type Data, type Run } from '../core/state.ts';
import { renderText } from '../core/templates/render.ts';
import { scopeOf, type Scope } from '../core/templates/scope.ts';
import { programsOf } from '../engine/programs.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, type Caller } from './caller.ts';
import { publishLive } from './doorbells.ts';
import { getWorkflow } from './workflows.ts';

/** Of a contact's history, where filters ask for it. */
const EVENTS_LOOKED_AT = 500;

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
 * Throws NOT_FOUND naming an unknown contact, INVALID_STATE for one whom the filters of a manual trigger keep out (then nobody is let in), WORKFLOW_NOT_ACTIVE when
 * the door closed meanwhile.
 */
export async function letIn(ctx: Context, who: Caller, input: Opened & { contactIds: string[]; initial: Data }): Promise<EnrollmentAnswer[]> {
  const { workflow, program, versionId, contactIds, initial } = input;
  const desk = ctx.desk(who.locationId);
  const known = contactIds.every(isUuid) ? await desk.knownContacts(contactIds) : new Set<string>();
  const stranger = contactIds.find((id) => !known.has(id.toLowerCase()));
  if (stranger !== undefined) throw new NotFoundError('contact', stranger);
  const triggerData = { type: 'manual', data: initial };
  const { entryKey } = program.settings;
  const doors = filtersByHand(program);
  const scopeFor = entryKey === null && doors.length === 0 ? null : await scopesOf(ctx, who, input, triggerData, initial);
  if (scopeFor && doors.length > 0) await checkFilters(ctx, who, workflow, doors, contactIds, scopeFor);
  const keyOf = async (contactId: string): Promise<string> => (entryKey === null || !scopeFor ? '' : renderText(entryKey, await scopeFor(contactId)));
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

/** What filters and keys read of each contact; it may be anything of theirs, so each is looked up. */
async function scopesOf(ctx: Context, who: Caller, { workflow, program }: Opened, trigger: Data, initial: Data): Promise<(contactId: string) => Promise<Scope>> {
  const desk = ctx.desk(who.locationId);
  const [location, assets] = await Promise.all([desk.readLocation(), desk.readAssets()]);
  const now = ctx.clock.journeyNow();
  const recalled = program.recalls.map(({ type }) => type);
  return async (contactId) => {
    const contact = await desk.findContact(contactId);
    if (contact === null) throw new NotFoundError('contact', contactId); // deleted since it was looked for
    const history = recalled.length === 0 ? undefined : (await desk.contactEvents(contactId, recalled, EVENTS_LOOKED_AT)).flatMap((event) => pastEvent(event) ?? []);
    const run: Run = { id: '', contactId, workflowId: workflow.id, enrolledAt: now, trigger, depth: 0, state: newRunState(initial) };
    return scopeOf(run, { now, contact, workflow, location, assets, paused: false, history }, program.settings.timezone);
  };
}

/** Throws INVALID_STATE when the filters of the manual triggers keep somebody out (then nobody is let in), and keeps why. */
async function checkFilters(
  ctx: Context,
  who: Caller,
  workflow: WorkflowRecord,
  doors: unknown[][],
  contactIds: string[],
  scopeFor: (contactId: string) => Promise<Scope>,
): Promise<void> {
  const refusals: { contactId: string; reason: string; detail: Data }[] = [];
  for (const contactId of contactIds) {
    const scope = await scopeFor(contactId);
    const looks = doors.map((filters) => evaluateConditions(filters, scope));
    if (!looks.some(({ verdict }) => verdict)) refusals.push({ contactId: contactId.toLowerCase(), reason: 'filters', detail: failingClause(looks[0]!) });
  }
  const [first] = refusals;
  if (!first) return;
  await ctx.desk(who.locationId).keepRefusals(workflow.id, refusals);
  const { contactId, detail: { clause } } = first;
  const others = refusals.length === 1 ? '' : ` ${refusals.length - 1} of the others do not pass either.`;
  const why = `Contact ${contactId} does not pass the filters of the manual trigger of workflow "${workflow.name}": ${asText(clause)} does not hold.${others}`;
  throw new MillraceError('INVALID_STATE', `${why} Correct the contact or the filters.`, { detail: { contactId, clause, refused: refusals.length } });
}

const notActive = (workflow: WorkflowRecord): MillraceError => {
  const why = workflow.status === 'active' ? 'takes nobody in at the moment (its entry is stopped)' : `is ${workflow.status}`;
  return new MillraceError('WORKFLOW_NOT_ACTIVE', `Workflow "${workflow.name}" ${why}: publish or resume it, or open its entry, before enrolling anybody.`, {
    detail: { status: workflow.status },
  });
};
