import type { Context } from '../context.ts';
import type { Data, EnrollmentStatus } from '../core/state.ts';
import type { EnrollmentAnswer } from '../core/ports/desk.ts';
import type { EnrollmentEvent, EnrollmentRecord, Page, PageRequest, StepLogRecord } from '../core/ports/records.ts';
import type { ContactInput } from './contacts.ts';
import type { Caller } from './caller.ts';

export interface EnrollContact {
  workflowId: string;
  /** Exactly one of the two; `contact` is found by its e-mail or created. */
  contactId?: string | null;
  contact?: ContactInput | null;
  initialData?: Data;
}
/**
 * Lets one contact in, by hand. Throws WORKFLOW_NOT_ACTIVE, NOT_FOUND (workflow or contact), and ALREADY_ENROLLED
 * (detail.enrollmentId, the one that is in the way).
 */
export async function enrollContact(ctx: Context, who: Caller, input: EnrollContact): Promise<EnrollmentRecord> {
  throw new Error('pending');
}

/** Lets up to 10,000 in at once, in the bulk lane; whoever is in already is answered `created: false`. Throws NOT_FOUND naming unknown contacts (then nobody is enrolled), WORKFLOW_NOT_ACTIVE, INVALID_INPUT. */
export async function enrollContacts(ctx: Context, who: Caller, input: { workflowId: string; contactIds: string[]; initialData?: Data }): Promise<EnrollmentAnswer[]> {
  throw new Error('pending');
}

/** Ends a run now: no effect starts after this returns. Exiting one that has ended changes nothing. `reason` is `manual` by default. Throws NOT_FOUND. */
export async function exitEnrollment(ctx: Context, who: Caller, input: { id: string; reason?: string | null }): Promise<EnrollmentRecord> {
  throw new Error('pending');
}

/** Throws NOT_FOUND. */
export async function getEnrollment(ctx: Context, who: Caller, input: { id: string }): Promise<EnrollmentRecord> {
  throw new Error('pending');
}

/** Newest first. */
export async function listEnrollments(
  ctx: Context, who: Caller,
  input: PageRequest & { workflowId?: string | null; contactId?: string | null; status?: EnrollmentStatus | null; currentStep?: string | null } = {},
): Promise<Page<EnrollmentRecord>> {
  throw new Error('pending');
}

/** Ascending by seq; the cursor is the last seq. Throws NOT_FOUND. */
export async function listStepLogs(ctx: Context, who: Caller, input: PageRequest & { enrollmentId: string }): Promise<Page<StepLogRecord>> {
  throw new Error('pending');
}

/**
 * What a lossless stream tells next: everything after the cursor (null: from the start), in order, at most once each. `ended` when the run
 * has ended and all was told. Call it again on every hint of the bus. Throws NOT_FOUND, INVALID_INPUT for a foreign cursor.
 */
export async function logEventsAfter(ctx: Context, who: Caller, input: { enrollmentId: string; after?: string | null }): Promise<{ events: EnrollmentEvent[]; ended: boolean }> {
  throw new Error('pending');
}
