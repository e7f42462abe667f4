import * as answers from './answers.ts';
import { type Route, route } from './route.ts';
import * as operations from './run-operation-handlers.ts';
import * as schemas from './schemas.ts';

const ONE = { 200: 'The enrollment, as a rule after it took the request.', 409: 'It cannot in the state that it is in.' };
const MANY = { 200: 'How many the filter found, how many were asked, and why the others cannot. With dry_run nothing is done.' };

/** What people do to enrollments: one by one, and to all of a workflow that a filter lets through. */
export const runOperationRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/enrollments/{id}/retry', operation: 'retryStep', scope: 'enroll',
    summary: 'Let a failed enrollment enter its step again.',
    body: schemas.nothing, gives: answers.enrollment, responses: ONE, handle: operations.retry,
  }),
  route({
    method: 'POST', path: '/api/enrollments/{id}/skip', operation: 'skipStep', scope: 'enroll',
    summary: 'Skip the current step of an active or a failed enrollment.',
    body: schemas.nothing, gives: answers.enrollment, responses: ONE, handle: operations.skip,
  }),
  route({
    method: 'POST', path: '/api/enrollments/{id}/move', operation: 'moveEnrollment', scope: 'enroll',
    summary: 'Take an active or a failed enrollment to another step of its version.',
    body: schemas.moveBody, gives: answers.enrollment, responses: { ...ONE, 422: 'Its version has no such step; the nearest one is named.' }, handle: operations.move,
  }),
  route({
    method: 'POST', path: '/api/enrollments/{id}/run-now', operation: 'runNow', scope: 'enroll',
    summary: 'Let the timer of a waiting step come due now.',
    body: schemas.nothing, gives: answers.enrollment, responses: ONE, handle: operations.hurry,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enrollments/retry', operation: 'bulkRetryStep', scope: 'enroll',
    summary: 'Retry the failed enrollments that a filter lets through.',
    body: schemas.bulkBody, gives: answers.bulk, responses: MANY, handle: operations.bulkRetry,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enrollments/skip', operation: 'bulkSkipStep', scope: 'enroll',
    summary: 'Skip the current steps of the enrollments that a filter lets through.',
    body: schemas.bulkBody, gives: answers.bulk, responses: MANY, handle: operations.bulkSkip,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enrollments/move', operation: 'bulkMoveEnrollment', scope: 'enroll',
    summary: 'Move the enrollments that a filter lets through to another step.',
    body: schemas.bulkMoveBody, gives: answers.bulk, responses: { ...MANY, 422: 'No version concerned has such a step.' }, handle: operations.bulkMove,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enrollments/run-now', operation: 'bulkRunNow', scope: 'enroll',
    summary: 'Let the timers of the enrollments that a filter lets through come due now.',
    body: schemas.bulkBody, gives: answers.bulk, responses: MANY, handle: operations.bulkHurry,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/enrollments/exit', operation: 'bulkExitEnrollment', scope: 'enroll',
    summary: 'End the enrollments that a filter lets through.',
    body: schemas.bulkExitBody, gives: answers.bulk, responses: MANY, handle: operations.bulkExit,
  }),
];
