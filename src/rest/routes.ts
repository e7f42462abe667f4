import * as answers from './answers.ts';
import * as assets from './asset-handlers.ts';
import * as contacts from './contact-handlers.ts';
import { auditRoutes } from './audit-routes.ts';
import { followActivity } from './follow.ts';
import * as enrollments from './enrollment-handlers.ts';
import { explainRoutes } from './explain-routes.ts';
import { type Route, route } from './route.ts';
import { runOperationRoutes } from './run-operation-routes.ts';
import * as schemas from './schemas.ts';
import { secretRoutes } from './secret-routes.ts';
import { workflowHookRoutes } from './workflow-hook-routes.ts';
import * as versions from './version-handlers.ts';
import { versionRoutes } from './version-routes.ts';
import * as workflows from './workflow-handlers.ts';

const YAML_OR_JSON = ['application/yaml', 'application/json'];
const PAGE_OR_STREAM = ['application/json', 'text/event-stream'];

/** Every route of REST, one row each: the specification's sixteen, then what was added. */
export const routes: Route[] = [
  route({
    method: 'POST', path: '/api/workflows', operation: 'createWorkflow', scope: 'write', summary: 'Create a workflow from YAML or JSON, as a draft.',
    body: 'definition', gives: answers.workflow, responses: { 201: 'The workflow, with what was found about its definition.' }, handle: workflows.create,
  }),
  route({
    method: 'GET', path: '/api/workflows', operation: 'workflows', scope: 'read', summary: 'List workflows, newest first; archived ones only when asked for.',
    query: schemas.workflowsQuery, gives: answers.workflows, responses: { 200: 'A page of workflows.' }, handle: workflows.list,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}', operation: 'workflow', scope: 'read', summary: 'Read a workflow.',
    reads: ['If-None-Match'], gives: answers.workflow,
    responses: { 200: 'The workflow; its ETag is its revision.', 304: 'Unchanged since the ETag in If-None-Match.' }, handle: workflows.read,
  }),
  route({
    method: 'PUT', path: '/api/workflows/{id}', operation: 'updateWorkflow', scope: 'write', summary: "Put a new definition into the workflow's draft.",
    body: 'definition', reads: ['If-Match'], gives: answers.workflow,
    responses: { 200: 'The workflow.', 412: 'If-Match named an older revision.', 428: 'A published workflow changes only with If-Match.' }, handle: workflows.update,
  }),
  route({
    method: 'DELETE', path: '/api/workflows/{id}', operation: 'archiveWorkflow', scope: 'write', summary: 'Archive a workflow; with force=true everybody inside exits.',
    query: schemas.archiveQuery, reads: ['If-Match'], gives: null, responses: { 204: 'Archived.', 409: 'People are inside.' }, handle: workflows.archive,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/publish', operation: 'publishWorkflow', scope: 'write', summary: 'Publish the draft and let people in.',
    body: schemas.publishBody, reads: ['If-Match'], gives: answers.published,
    responses: { 200: 'The active workflow.', 422: 'The findings that refuse it.' }, handle: versions.publish,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/pause', operation: 'pauseWorkflow', scope: 'write', summary: 'Start nothing new; lose nothing.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The paused workflow.' }, handle: workflows.pause,
  }),
  route({
    method: 'POST', path: '/api/workflows/import', operation: 'importWorkflow', scope: 'write', summary: 'Import YAML, JSON or a canvas; creates, unless workflow names the one to update.',
    body: 'definition', query: schemas.importQuery, reads: ['If-Match'], gives: answers.imported,
    responses: { 200: 'Updated, or what a dry run found.', 201: 'The new workflow.' }, handle: workflows.importOne,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/export', operation: 'exportWorkflow', scope: 'read', summary: "A version's source as YAML, JSON or canvas.",
    query: schemas.exportQuery, produces: YAML_OR_JSON, gives: answers.source, responses: { 200: 'The source.' }, handle: workflows.exportOne,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enroll', operation: 'enrollContact', scope: 'enroll', summary: 'Let one contact in, or many.',
    body: schemas.enrollBody, gives: answers.enrolled,
    responses: { 201: 'The enrollment, or for contact_ids a list of results.', 409: 'Enrolled already (existing is its link), or the workflow takes nobody in.' }, handle: enrollments.enroll,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/enrollments', operation: 'enrollments', scope: 'read', summary: 'List the enrollments of a workflow, newest first.',
    query: schemas.enrollmentsQuery, gives: answers.enrollments, responses: { 200: 'A page of enrollments.' }, handle: enrollments.list,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/stats', operation: 'workflowStats', scope: 'read', summary: 'A workflow in numbers: counts, steps, edges, funnel, goals and experiments.',
    query: schemas.statsQuery, gives: answers.stats, responses: { 200: 'The counts.' }, handle: workflows.stats,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/test', operation: 'simulateWorkflow', scope: 'read', summary: 'Run the newest version under a virtual clock, play its scenarios, or walk every path; no message leaves.',
    body: schemas.testBody, gives: answers.test,
    responses: { 200: 'The trace, the report of the scenarios, or what exploring found.', 501: 'The mode needs a provider that is not configured.' }, handle: workflows.test,
  }),
  route({
    method: 'GET', path: '/api/enrollments/{id}', operation: 'enrollment', scope: 'read', summary: 'Read an enrollment.',
    gives: answers.enrollment, responses: { 200: 'The enrollment.' }, handle: enrollments.read,
  }),
  route({
    method: 'POST', path: '/api/enrollments/{id}/exit', operation: 'exitEnrollment', scope: 'enroll', summary: 'End a run now; ending it twice changes nothing.',
    body: schemas.exitBody, gives: answers.enrollment, responses: { 200: 'The enrollment.' }, handle: enrollments.exit,
  }),
  route({
    method: 'GET', path: '/api/enrollments/{id}/logs', operation: 'stepLogs', scope: 'read', summary: 'The step log in pages, or live as server-sent events with Last-Event-ID.',
    query: schemas.logsQuery, produces: PAGE_OR_STREAM, gives: answers.logs, tells: answers.logEvent,
    responses: { 200: 'A page of the log, or the stream.', 204: 'The run has ended and was told to its end.' }, handle: enrollments.logs,
  }),

  route({
    method: 'POST', path: '/api/workflows/{id}/resume', operation: 'resumeWorkflow', scope: 'write', summary: 'Take a paused workflow on.',
    body: schemas.resumeBody, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The active workflow.' }, handle: workflows.resume,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/stop-entry', operation: 'stopEntry', scope: 'write', summary: 'Let nobody new in; those inside go on.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The workflow.' }, handle: workflows.closeEntry,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/start-entry', operation: 'startEntry', scope: 'write', summary: 'Let people in again.',
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow, responses: { 200: 'The workflow.' }, handle: workflows.openEntry,
  }),
  route({
    method: 'POST', path: '/api/validate', operation: 'validateWorkflow', scope: 'read', summary: 'Everything that is to say about a definition; nothing is stored.',
    body: 'definition', query: schemas.validateQuery, gives: answers.validation, responses: { 200: 'The findings.' }, handle: workflows.validate,
  }),
  route({
    method: 'POST', path: '/api/contacts', operation: 'upsertContact', scope: 'write', summary: 'Create a contact; with upsert=true find it by e-mail first.',
    body: schemas.contactBody, query: schemas.newContactQuery, gives: answers.contact,
    responses: { 200: 'The contact, updated.', 201: 'The new contact.', 409: 'The e-mail is taken; existing is its link.' }, handle: contacts.create,
  }),
  route({
    method: 'GET', path: '/api/contacts', operation: 'contacts', scope: 'read', summary: 'List contacts, newest first.',
    query: schemas.contactsQuery, gives: answers.contacts, responses: { 200: 'A page of contacts.' }, handle: contacts.list,
  }),
  route({
    method: 'GET', path: '/api/contacts/{id}', operation: 'contact', scope: 'read', summary: 'Read a contact.',
    gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.read,
  }),
  route({
    method: 'PATCH', path: '/api/contacts/{id}', operation: 'updateContact', scope: 'write', summary: 'Change what is named; tags replaces the list.',
    body: schemas.contactBody, gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.update,
  }),
  route({
    method: 'DELETE', path: '/api/contacts/{id}', operation: 'deleteContact', scope: 'write', summary: 'Delete a contact.',
    gives: null, responses: { 204: 'Deleted.' }, handle: contacts.remove,
  }),
  route({
    method: 'POST', path: '/api/contacts/{id}/consent', operation: 'setConsent', scope: 'write', summary: 'Give or withdraw consent for a channel.',
    body: schemas.consentBody, gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.consent,
  }),
  route({
    method: 'POST', path: '/api/events', operation: 'emitEvent', scope: 'write', summary: 'Tell a custom event of a contact; the same event_id twice is one event.',
    body: schemas.eventBody, gives: answers.event, responses: { 200: 'The event that was told before.', 201: 'The event.' }, handle: contacts.emit,
  }),
  route({
    method: 'GET', path: '/api/location', operation: 'location', scope: 'read', summary: "Read the key's location.",
    gives: answers.location, responses: { 200: 'The location.' }, handle: assets.location,
  }),
  route({
    method: 'PATCH', path: '/api/location', operation: 'updateLocation', scope: 'admin', summary: 'Change name, time zone, calendar or defaults.',
    body: schemas.locationBody, gives: answers.location, responses: { 200: 'The location.' }, handle: assets.changeLocation,
  }),
  route({
    method: 'POST', path: '/api/templates', operation: 'createTemplate', scope: 'write', summary: 'Create a template for e-mail or SMS.',
    body: schemas.templateBody, gives: answers.template, responses: { 201: 'The template.', 409: 'The slug is taken.' }, handle: assets.addTemplate,
  }),
  route({
    method: 'GET', path: '/api/templates', operation: 'templates', scope: 'read', summary: 'List templates, newest first.',
    query: schemas.templatesQuery, gives: answers.templates, responses: { 200: 'A page of templates.' }, handle: assets.templates,
  }),
  route({
    method: 'POST', path: '/api/voicemails', operation: 'createVoicemail', scope: 'write', summary: 'Create a voicemail from a recording.',
    body: schemas.voicemailBody, gives: answers.voicemail, responses: { 201: 'The voicemail.', 409: 'The slug is taken.' }, handle: assets.addVoicemail,
  }),
  route({
    method: 'GET', path: '/api/voicemails', operation: 'voicemails', scope: 'read', summary: 'List voicemails, newest first.',
    query: schemas.pageQuery, gives: answers.voicemails, responses: { 200: 'A page of voicemails.' }, handle: assets.voicemails,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/events', operation: 'workflowEvents', scope: 'read', summary: 'The activity of a workflow as server-sent events, with Last-Event-ID.',
    query: schemas.feedQuery, produces: ['text/event-stream'], gives: null, tells: answers.activityEvent,
    responses: { 200: 'The stream: entered, moved, ended, and gap for what can no longer be told.' }, handle: followActivity,
  }),
  ...runOperationRoutes,
  ...secretRoutes,
  ...auditRoutes,
  ...workflowHookRoutes,
  ...versionRoutes,
  ...explainRoutes,
];
