import * as answers from './answers.ts';
import { followActivity } from './follow.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';
import * as workflows from './workflow-handlers.ts';

/** What was added for workflows: the rest of their life, a check of a definition, and their activity as it happens. */
export const workflowRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/workflows/{id}/resume', operation: 'resumeWorkflow', scope: 'write',
    summary: 'Take a paused workflow on.',
    body: schemas.resumeBody, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The active workflow.' }, handle: workflows.resume,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/stop-entry', operation: 'stopEntry', scope: 'write',
    summary: 'Let nobody new in; those inside go on.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The workflow.' }, handle: workflows.closeEntry,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/start-entry', operation: 'startEntry', scope: 'write',
    summary: 'Let people in again.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The workflow.' }, handle: workflows.openEntry,
  }),
  route({
    method: 'POST', path: '/api/validate', operation: 'validateWorkflow', scope: 'read',
    summary: 'Everything that is to say about a definition; nothing is stored.',
    body: 'definition', query: schemas.validateQuery, gives: answers.validation, responses: { 200: 'The findings.' }, handle: workflows.validate,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/events', operation: 'workflowEvents', scope: 'read',
    summary: 'The activity of a workflow as server-sent events, with Last-Event-ID.',
    query: schemas.feedQuery, produces: ['text/event-stream'], gives: null, tells: answers.activityEvent,
    responses: { 200: 'The stream: entered, moved, ended, and gap for what can no longer be told.' }, handle: followActivity,
  }),
];
