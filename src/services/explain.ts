import type { Context } from '../context.ts';
import { explainReentry, explainTriggers, triggerEvents, type ReentryVerdict, type TriggerVerdict } from '../core/explain-entry.ts';
import type { EnrollmentRecord, Page, PageRequest, RefusalRecord, WorkflowRecord } from '../core/ports/records.ts';
import { printInstant } from '../core/time/calendar.ts';
import { programsOf } from '../engine/programs.ts';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { deskFor, type Caller } from './caller.ts';
import { getContact } from './contacts.ts';
import { readPage } from './paging.ts';
import { invalidInput } from './parse-input.ts';
import { getWorkflow } from './workflows.ts';

/** Why a contact is in a workflow or not, and why it stands where it stands. */
export interface EnrollmentExplanation {
  workflowId: string;
  contactId: string;
  /** `in`: now; `was_in`: no more; `out`: never. */
  standing: 'in' | 'was_in' | 'out';
  /** The whole in a few sentences. */
  text: string;
  /** Does the workflow take anybody in at the moment? */
  open: boolean;
  reentry: ReentryVerdict;
  triggers: TriggerVerdict[];
  /** The last ten, newest first. */
  refusals: RefusalRecord[];
  /** The newest run. */
  enrollment: EnrollmentRecord | null;
  /** What the run waits for; null when there is none, or it moves on by itself. */
  waitingFor: string | null;
}

const EVENTS_LOOKED_AT = 500;
const REFUSALS_SHOWN = 10;

/**
 * Explains a contact's standing in a workflow: triggers and filters as they judge the contact now, reentry, refusals, and what its run waits for. Throws
 * NOT_FOUND, INVALID_INPUT.
 */
export async function explainEnrollment(ctx: Context, who: Caller, input: { workflowId: string; contactId: string | null }): Promise<EnrollmentExplanation> {
  const desk = deskFor(ctx, who, 'read');
  const workflow = await getWorkflow(ctx, who, { id: input.workflowId });
  if (input.contactId === null) throw invalidInput('question', [{ path: ['contact_id'], message: 'is missing: say whose standing is to be explained' }]);
  const contact = await getContact(ctx, who, { id: input.contactId });
  const [location, assets, now, refusals, [enrollment = null]] = await Promise.all([
    desk.readLocation(), desk.readAssets(), desk.journeyNow(),
    desk.listRefusals({ workflowId: workflow.id, contactId: contact.id }, { limit: REFUSALS_SHOWN, after: null }),
    desk.listEnrollments({ workflowId: workflow.id, contactId: contact.id }, { limit: 1, after: null }),
  ]);
  const { publishedVersionId } = workflow;
  const compiled = publishedVersionId === null ? undefined : (await programsOf(ctx, [publishedVersionId])).get(publishedVersionId);
  const program = compiled && 'program' in compiled ? compiled.program : null;
  const types = program === null ? [] : [...triggerEvents(program), ...program.recalls.map(({ type }) => type)];
  const events = types.length === 0 ? [] : await desk.contactEvents(contact.id, types.includes('*') ? null : types, EVENTS_LOOKED_AT);
  const triggers = program === null ? [] : explainTriggers(program, { now, contact, workflow: { id: workflow.id, name: workflow.name }, location, assets }, events);
  const reentry = program === null ? { allowed: false, text: 'The workflow was never published.' } : explainReentry(program, enrollment, now);
  const standing = enrollment === null ? 'out' : enrollment.status === 'active' ? 'in' : 'was_in';
  const open = workflow.status === 'active' && !workflow.entryStopped;
  const waitingFor = enrollment === null ? null : waitOf(enrollment);
  const told = { standing, open, reentry, triggers, refusals, enrollment, waitingFor } as const;
  return { workflowId: workflow.id, contactId: contact.id, ...told, text: sentences(workflow, told) };
}

/** Who was not let in, newest first, of everybody or of one contact. Throws NOT_FOUND. */
export async function listRefusals(ctx: Context, who: Caller, input: PageRequest & { workflowId: string; contactId?: string | null }): Promise<Page<RefusalRecord>> {
  const desk = deskFor(ctx, who, 'read');
  const { id } = await getWorkflow(ctx, who, { id: input.workflowId });
  const contactId = input.contactId ?? null;
  if (contactId !== null && !isUuid(contactId)) throw new NotFoundError('contact', contactId);
  return readPage(input, (range) => desk.listRefusals({ workflowId: id, contactId }, range));
}

function waitOf({ status, currentStep, position, nextRunAt }: EnrollmentRecord): string | null {
  if (status !== 'active' || currentStep === null) return null;
  const until = nextRunAt === null ? '' : ` until ${printInstant(nextRunAt, 'UTC')}`;
  if (position['phase'] === 'performing') return `step "${currentStep}" to hear from its provider`;
  return position['phase'] === 'waiting' ? `step "${currentStep}"${until === '' ? ' to be woken by an event' : until}` : null;
}

function sentences(
  workflow: WorkflowRecord,
  { standing, open, reentry, triggers, refusals, enrollment, waitingFor }: Omit<EnrollmentExplanation, 'workflowId' | 'contactId' | 'text'>,
): string {
  if (standing === 'in') return `The contact is in, at step "${enrollment?.currentStep ?? 'start'}"${waitingFor === null ? '.' : `, and waits for ${waitingFor}.`}`;
  const closed = open ? [] : [`The workflow takes nobody in: it is ${workflow.status}${workflow.entryStopped ? ', and its entry is stopped' : ''}.`];
  const past = enrollment === null ? [] : [`The contact's last run ended as ${enrollment.status}${enrollment.exitReason === null ? '' : ` (${enrollment.exitReason})`}.`];
  const last = refusals[0] === undefined
    ? []
    : [`Last refused: ${refusals[0].reason}${typeof refusals[0].detail['clause'] === 'string' ? ` (${refusals[0].detail['clause']})` : ''}.`];
  return [...closed, ...past, reentry.text, ...triggers.map(({ text }) => text), ...last].join(' ');
}
