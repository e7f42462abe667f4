import * as answers from './answers.ts';
import * as enrollments from './enrollment-handlers.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';
import * as versions from './version-handlers.ts';
import * as workflows from './workflow-handlers.ts';

const YAML_OR_JSON = ['application/yaml', 'application/json'];
const PAGE_OR_STREAM = ['application/json', 'text/event-stream'];

/** The sixteen routes of the specification, in its order. */
export const specifiedRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/workflows', operation: 'createWorkflow', scope: 'write',
    summary: 'Create a workflow from YAML or JSON, as a draft.',
    body: 'definition', gives: answers.workflow, responses: { 201: 'The workflow, with what was found about its definition.' }, handle: workflows.create,
  }),
  route({
    method: 'GET', path: '/api/workflows', operation: 'workflows', scope: 'read',
    summary: 'List workflows, newest first; archived ones only when asked for.',
    query: schemas.workflowsQuery, gives: answers.workflows, responses: { 200: 'A page of workflows.' }, handle: workflows.list,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}', operation: 'workflow', scope: 'read',
    summary: 'Read a workflow.',
    reads: ['If-None-Match'], gives: answers.workflow,
    responses: { 200: 'The workflow; its ETag is its revision.', 304: 'Unchanged since the ETag in If-None-Match.' }, handle: workflows.read,
  }),
  route({
    method: 'PUT', path: '/api/workflows/{id}', operation: 'updateWorkflow', scope: 'write',
    summary: "Put a new definition into the workflow's draft.",
    body: 'definition', reads: ['If-Match'], gives: answers.workflow,
    responses: { 200: 'The workflow.', 412: 'If-Match named an older revision.', 428: 'A published workflow changes only with If-Match.' }, handle: workflows.update,
  }),
  route({
    method: 'DELETE', path: '/api/workflows/{id}', operation: 'archiveWorkflow', scope: 'write',
    summary: 'Archive a workflow; with force=true everybody inside exits.',
    query: schemas.archiveQuery, reads: ['If-Match'], gives: null, responses: { 204: 'Archived.', 409: 'People are inside.' }, handle: workflows.archive,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/publish', operation: 'publishWorkflow', scope: 'write',
    summary: 'Publish the draft and let people in.',
    body: schemas.publishBody, reads: ['If-Match'], gives: answers.published,
    responses: { 200: 'The active workflow.', 422: 'The findings that refuse it.' }, handle: versions.publish,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/pause', operation: 'pauseWorkflow', scope: 'write',
    summary: 'Start nothing new; lose nothing.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The paused workflow.' }, handle: workflows.pause,
  }),
  route({
    method: 'POST', path: '/api/workflows/import', operation: 'importWorkflow', scope: 'write',
    summary: 'Import YAML, JSON or a canvas; creates, unless workflow names the one to update.',
    body: 'definition', query: schemas.importQuery, reads: ['If-Match'], gives: answers.imported,
    responses: { 200: 'Updated, or what a dry run found.', 201: 'The new workflow.' }, handle: workflows.importOne,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/export', operation: 'exportWorkflow', scope: 'read',
    summary: "A version's source as YAML, JSON or canvas.",
    query: schemas.exportQuery, produces: YAML_OR_JSON, gives: answers.source, responses: { 200: 'The source.' }, handle: workflows.exportOne,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enroll', operation: 'enrollContact', scope: 'enroll',
    summary: 'Let one contact in, or many.',
    body: schemas.enrollBody, gives: answers.enrolled,
    responses: {
      201: 'The enrollment, or for contact_ids a list of results.',
      409: 'Enrolled already (existing is its link), or the workflow takes nobody in.',
    },
    handle: enrollments.enroll,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/enrollments', operation: 'enrollments', scope: 'read',
    summary: 'List the enrollments of a workflow, newest first.',
    query: schemas.enrollmentsQuery, gives: answers.enrollments, responses: { 200: 'A page of enrollments.' }, handle: enrollments.list,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/stats', operation: 'workflowStats', scope: 'read',
    summary: 'A workflow in numbers: counts, steps, edges, funnel, goals and experiments.',
    query: schemas.statsQuery, gives: answers.stats, responses: { 200: 'The counts.' }, handle: workflows.stats,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/test', operation: 'simulateWorkflow', scope: 'read',
    summary: 'Run the newest version under a virtual clock, play its scenarios, or walk every path; no message leaves.',
    body: schemas.testBody, gives: answers.test,
    responses: { 200: 'The trace, the report of the scenarios, or what exploring found.', 501: 'The mode needs a provider that is not configured.' }, handle: workflows.test,
  }),
  route({
    method: 'GET', path: '/api/enrollments/{id}', operation: 'enrollment', scope: 'read',
    summary: 'Read an enrollment.',
    gives: answers.enrollment, responses: { 200: 'The enrollment.' }, handle: enrollments.read,
  }),
  route({
    method: 'POST', path: '/api/enrollments/{id}/exit', operation: 'exitEnrollment', scope: 'enroll',
    summary: 'End a run now; ending it twice changes nothing.',
    body: schemas.exitBody, gives: answers.enrollment, responses: { 200: 'The enrollment.' }, handle: enrollments.exit,
  }),
  route({
    method: 'GET', path: '/api/enrollments/{id}/logs', operation: 'stepLogs', scope: 'read',
    summary: 'The step log in pages, or live as server-sent events with Last-Event-ID.',
    query: schemas.logsQuery, produces: PAGE_OR_STREAM, gives: answers.logs, tells: answers.logEvent,
    responses: { 200: 'A page of the log, or the stream.', 204: 'The run has ended and was told to its end.' }, handle: enrollments.logs,
  }),
];
