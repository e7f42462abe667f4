import type { z } from 'zod';
import { explainEnrollment, listRefusals } from '../services/explain.ts';
import * as answers from './answers.ts';
import { listReply } from './list-reply.ts';
import { showEnrollment, showRefusal, type Shown } from './representations.ts';
import { type Call, type Reply, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

async function refusals({ ctx, who, params, query, request }: Call<undefined, z.output<typeof schemas.refusalsQuery>>): Promise<Reply> {
  const { contact_id: contactId = null, limit, cursor } = query;
  return listReply(request, await listRefusals(ctx, who, { workflowId: params.id, contactId, limit, after: cursor ?? null }), showRefusal);
}

async function explain({ ctx, who, params, query }: Call<undefined, z.output<typeof schemas.explainQuery>>): Promise<Reply> {
  const { workflowId, contactId, triggers, refusals: refused, enrollment, waitingFor, ...told } = await explainEnrollment(ctx, who, {
    workflowId: params.id, contactId: query.contact_id ?? null,
  });
  const body: Shown = {
    ...told, workflow_id: workflowId, contact_id: contactId, waiting_for: waitingFor,
    triggers: triggers.map(({ type, event, filters, text }) => ({
      type, text, filters, event: event && { id: event.id, type: event.type, at: new Date(event.at).toISOString(), data: event.data },
    })),
    refusals: refused.map(showRefusal),
    enrollment: enrollment && showEnrollment(enrollment),
  };
  return { status: 200, body };
}

export const explainRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/workflows/{id}/refusals', operation: 'refusals', scope: 'read',
    summary: 'Who was not let in and why, newest first; kept for a month. Of a schedule, each contact\'s newest.',
    query: schemas.refusalsQuery, gives: answers.refusals, responses: { 200: 'A page of refusals.' }, handle: refusals,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/explain', operation: 'explainEnrollment', scope: 'read',
    summary: 'Why a contact is in the workflow or not, and what its run waits for.',
    query: schemas.explainQuery, gives: answers.explanation, responses: { 200: 'Triggers, filters, reentry, refusals and the run.' }, handle: explain,
  }),
];
