import type { z } from 'zod';
import { enrollContact, enrollContacts, exitEnrollment, getEnrollment, listEnrollments, listStepLogs } from '../services/enrollments.ts';
import { getWorkflow } from '../services/workflows.ts';
import { followLogs } from './follow.ts';
import { listReply } from './list-reply.ts';
import { showEnrollment, showStepLog } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

export async function enroll({ ctx, who, params, body }: Call<z.output<typeof schemas.enrollBody>>): Promise<Reply> {
  const initialData = body.initial_data ?? {};
  if (body.contact_ids) {
    const answers = await enrollContacts(ctx, who, { workflowId: params.id, contactIds: body.contact_ids, initialData });
    return { status: 201, body: { results: answers.map(({ contactId, enrollmentId, created }) => ({ contact_id: contactId, enrollment_id: enrollmentId, created })) } };
  }
  const enrollment = await enrollContact(ctx, who, { workflowId: params.id, contactId: body.contact_id ?? null, contact: body.contact ?? null, initialData });
  return { status: 201, body: showEnrollment(enrollment), headers: { location: `/api/enrollments/${enrollment.id}` } };
}

export async function list({ ctx, who, params, query, request }: Call<undefined, z.output<typeof schemas.enrollmentsQuery>>): Promise<Reply> {
  const { id: workflowId } = await getWorkflow(ctx, who, params);
  const { limit, cursor, status, contact_id: contactId, current_step: currentStep } = query;
  return listReply(request, await listEnrollments(ctx, who, { workflowId, status, contactId, currentStep, limit, after: cursor ?? null }), showEnrollment);
}

export async function read({ ctx, who, params }: Call): Promise<Reply> {
  return { status: 200, body: showEnrollment(await getEnrollment(ctx, who, params)) };
}

export async function exit({ ctx, who, params, body }: Call<z.output<typeof schemas.exitBody>>): Promise<Reply> {
  return { status: 200, body: showEnrollment(await exitEnrollment(ctx, who, { id: params.id, reason: body.reason ?? null })) };
}

/** A page of the log, or the run as it happens when the caller accepts `text/event-stream`. */
export async function logs(call: Call<undefined, z.output<typeof schemas.logsQuery>>): Promise<Reply> {
  if (call.accepts === 'text/event-stream') return followLogs(call);
  const { ctx, who, params, query, request } = call;
  return listReply(request, await listStepLogs(ctx, who, { enrollmentId: params.id, limit: query.limit, after: query.cursor ?? null }), showStepLog);
}
