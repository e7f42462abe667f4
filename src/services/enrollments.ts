import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, trailEvents } from '../core/cursor.ts';
import type { EnrollmentAnswer } from '../core/ports/desk.ts';
import type { EnrollmentEvent, EnrollmentRecord, Page, PageRequest, StepLogRecord, WorkflowRecord } from '../core/ports/records.ts';
import type { Data, EnrollmentStatus } from '../core/state.ts';
import { MillraceError, NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { letIn, openWorkflow } from './admission.ts';
import { auditLine, deskFor, requireScope, type Caller } from './caller.ts';
import { createContact, upsertContact, type ContactInput } from './contacts.ts';
import { publishLive, ringRuns, ringSends } from './doorbells.ts';
import { renamed } from './in-words.ts';
import { badCursor, pageLimit, readPage } from './paging.ts';
import { dataOf, invalidInput, parseInput, plainText } from './parse-input.ts';
import { getWorkflow } from './workflows.ts';

const MOST_AT_ONCE = 10_000;
const initialSchema = z.object({ initialData: dataOf('of initial data', z.string().max(100)) });
const readInitial = (initialData: Data = {}): Data => parseInput(initialSchema, { initialData }, 'enrolment').initialData;

export interface EnrollContact {
  workflowId: string;
  /** Exactly one of the two; `contact` is found by its e-mail or created (needs `write`). */
  contactId?: string | null;
  contact?: ContactInput | null;
  initialData?: Data;
}

/**
 * Lets one contact in, by hand. Throws WORKFLOW_NOT_ACTIVE, NOT_FOUND (workflow or contact), INVALID_INPUT, INVALID_STATE when the filters of a manual trigger
 * keep it out, and ALREADY_ENROLLED (detail.enrollmentId, the one that is in the way).
 */
export async function enrollContact(ctx: Context, who: Caller, input: EnrollContact): Promise<EnrollmentRecord> {
  requireScope(who, 'enroll');
  const { workflow, program, versionId } = await openWorkflow(ctx, who, input.workflowId);
  const contactId = await contactIdOf(ctx, who, input);
  const initial = readInitial(input.initialData);
  const [answer] = (await letIn(ctx, who, { workflow, program, versionId, contactIds: [contactId], initial })) as [EnrollmentAnswer]; // one a contact
  if (!answer.created) throw alreadyEnrolled(workflow, answer);
  ringRuns(ctx, 'interactive', [answer.enrollmentId]);
  return getEnrollment(ctx, who, { id: answer.enrollmentId });
}

/**
 * Lets up to 10,000 in at once, in the bulk lane; whoever is in already is answered `created: false`. Throws NOT_FOUND naming an unknown
 * contact (then nobody is enrolled), WORKFLOW_NOT_ACTIVE, INVALID_INPUT.
 */
export async function enrollContacts(ctx: Context, who: Caller, input: { workflowId: string; contactIds: string[]; initialData?: Data }): Promise<EnrollmentAnswer[]> {
  requireScope(who, 'enroll');
  const { contactIds } = input;
  if (contactIds.length === 0 || contactIds.length > MOST_AT_ONCE) {
    throw invalidInput('enrolment', [{ path: ['contact_ids'], message: `expected 1 to ${MOST_AT_ONCE} contacts, found ${contactIds.length}` }]);
  }
  const open = await openWorkflow(ctx, who, input.workflowId);
  const answers = await letIn(ctx, who, { ...open, contactIds, initial: readInitial(input.initialData) });
  ringRuns(ctx, 'bulk', answers.filter(({ created }) => created).map(({ enrollmentId }) => enrollmentId));
  return answers;
}

async function contactIdOf(ctx: Context, who: Caller, { contactId, contact }: EnrollContact): Promise<string> {
  if (contactId && contact) throw invalidInput('enrolment', [{ path: ['contact'], message: 'give a contact_id or a contact, not both' }]);
  if (contactId) return contactId;
  if (!contact) throw invalidInput('enrolment', [{ path: ['contact_id'], message: 'is missing' }]);
  return renamed(({ path }) => ['contact', ...path], async () => (contact.email ? (await upsertContact(ctx, who, { contact })).contact.id : (await createContact(ctx, who, { contact })).id));
}

/** Ends a run now: no effect starts after this returns. Exiting one that has ended changes nothing. `reason` is `manual` by default. Throws NOT_FOUND. */
export async function exitEnrollment(ctx: Context, who: Caller, input: { id: string; reason?: string | null }): Promise<EnrollmentRecord> {
  const desk = deskFor(ctx, who, 'enroll');
  const reason = parseInput(z.object({ reason: plainText(500) }), { reason: input.reason ?? 'manual' }, 'reason').reason || 'manual';
  const answer = isUuid(input.id) ? await desk.exitEnrollment(input.id, reason, auditLine(who, 'enrollment.exit', input.id, { reason })) : null;
  if (!answer) throw new NotFoundError('enrollment', input.id);
  const { enrollment, changed, recalled } = answer;
  if (recalled.length > 0) ringSends(ctx, 'interactive', recalled);
  if (changed) {
    const runs = [{ id: enrollment.id, rev: enrollment.revision, status: enrollment.status, moves: [], ended: true }];
    publishLive(ctx, { locationId: who.locationId, workflowId: enrollment.workflowId, runs, counts: { exited: 1 } });
  }
  return enrollment;
}

/** Throws NOT_FOUND. */
export async function getEnrollment(ctx: Context, who: Caller, input: { id: string }): Promise<EnrollmentRecord> {
  const desk = deskFor(ctx, who, 'read');
  const enrollment = isUuid(input.id) ? await desk.findEnrollment(input.id) : null;
  if (!enrollment) throw new NotFoundError('enrollment', input.id);
  return enrollment;
}

/** Newest first. A workflow that is named must be there: throws NOT_FOUND. */
export async function listEnrollments(
  ctx: Context, who: Caller,
  input: PageRequest & { workflowId?: string | null; contactId?: string | null; status?: EnrollmentStatus | null; currentStep?: string | null } = {},
): Promise<Page<EnrollmentRecord>> {
  const desk = deskFor(ctx, who, 'read');
  if (input.workflowId) await getWorkflow(ctx, who, { id: input.workflowId });
  if (input.contactId && !isUuid(input.contactId)) throw new NotFoundError('contact', input.contactId);
  return readPage(input, (range) => desk.listEnrollments(input, range));
}

/** Ascending by seq; the cursor is the last seq. Throws NOT_FOUND, INVALID_INPUT for a cursor of another list. */
export async function listStepLogs(ctx: Context, who: Caller, input: PageRequest & { enrollmentId: string }): Promise<Page<StepLogRecord>> {
  const { id } = await getEnrollment(ctx, who, { id: input.enrollmentId });
  const limit = pageLimit(input);
  const after = input.after ?? '0';
  if (!/^\d{1,9}$/.test(after)) throw badCursor(after);
  const rows = await ctx.desk(who.locationId).listStepLogs(id, { limit: limit + 1, afterSeq: Number(after) });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? String(items[items.length - 1]!.seq) : null };
}

/**
 * What a lossless stream tells next: everything after the cursor (null: from the start), in order, at most once each. `ended` when the run
 * has ended and all was told. Call it again on every hint of the bus. Throws NOT_FOUND, INVALID_INPUT for a foreign cursor.
 */
export async function logEventsAfter(ctx: Context, who: Caller, input: { enrollmentId: string; after?: string | null }): Promise<{ events: EnrollmentEvent[]; ended: boolean }> {
  const desk = deskFor(ctx, who, 'read');
  const after = input.after ?? null;
  const place = after === null ? null : decodeCursor(after);
  if (after !== null && place === null) throw badCursor(after);
  const trail = isUuid(input.enrollmentId) ? await desk.readTrail(input.enrollmentId, place?.revision ?? 0) : null;
  if (!trail) throw new NotFoundError('enrollment', input.enrollmentId);
  return { events: trailEvents(trail, place), ended: trail.enrollment.status !== 'active' };
}

const alreadyEnrolled = (workflow: WorkflowRecord, { contactId, enrollmentId }: EnrollmentAnswer): MillraceError =>
  new MillraceError(
    'ALREADY_ENROLLED',
    `Contact ${contactId} is or was in workflow "${workflow.name}" already: enrollment ${enrollmentId}. Its settings.reentry says when somebody may come again.`,
    { detail: { enrollmentId, contactId } },
  );
