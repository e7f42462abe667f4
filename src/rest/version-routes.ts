import * as answers from './answers.ts';
import { route, type Route } from './route.ts';
import * as schemas from './schemas.ts';
import * as versions from './version-handlers.ts';

/** Versions of a workflow: what a publish would do, what it did, and the way back. */
export const versionRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/workflows/{id}/publish-plan', operation: 'publishPlan', scope: 'read',
    summary: 'Who is where, and what publishing would make of them; changes nothing.',
    body: schemas.rollbackBody, gives: answers.plan, responses: { 200: 'The plan.' }, handle: versions.plan,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/rollback', operation: 'rollbackPublish', scope: 'write',
    summary: 'Let people enter the version before again.',
    body: schemas.rollbackBody, reads: ['If-Match'], gives: answers.published,
    responses: { 200: 'The workflow.', 409: 'There is no version before.' }, handle: versions.rollback,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/versions', operation: 'versions', scope: 'read',
    summary: 'List the versions of a workflow, newest first.',
    query: schemas.pageQuery, gives: answers.versions, responses: { 200: 'A page of versions.' }, handle: versions.list,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/versions/{version}', operation: 'version', scope: 'read',
    summary: 'Read a version with its definition.',
    gives: answers.version, responses: { 200: 'The version.' }, handle: versions.read,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/versions/{version}/restore', operation: 'restoreWorkflowVersion', scope: 'write',
    summary: "Make an earlier version's source the draft.",
    body: schemas.nothing, reads: ['If-Match'], gives: answers.workflow,
    responses: { 200: 'The workflow.', 412: 'If-Match named an older revision.', 428: 'A published workflow changes only with If-Match.' }, handle: versions.restore,
  }),
  route({
    method: 'GET', path: '/api/workflows/{id}/versions/{a}/diff/{b}', operation: 'versionDiff', scope: 'read',
    summary: 'What leads from one version to another in meaning; as text on request.',
    produces: ['application/json', 'text/plain'], gives: answers.diff, responses: { 200: 'The difference.' }, handle: versions.diff,
  }),
];
