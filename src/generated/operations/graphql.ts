/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A way out of the house. */
export type Channel =
  /** E-mail. */
  | 'EMAIL'
  /** Text message. */
  | 'SMS'
  /** Telephone call. */
  | 'VOICE'
  /** HTTP request. */
  | 'WEBHOOK';

/** Where a contact stands towards a workflow. */
export type EnrollmentStanding =
  /** In it now. */
  | 'IN'
  /** Never in it. */
  | 'OUT'
  /** In it once, and no more. */
  | 'WAS_IN';

/** Where a contact is in its way through a workflow. */
export type EnrollmentStatus =
  /** On its way. */
  | 'ACTIVE'
  /** Went through to an end. */
  | 'COMPLETED'
  /** Left before an end; `exitReason` says why. */
  | 'EXITED'
  /** Stopped by an error; it can be retried, skipped or moved. */
  | 'FAILED';

/** Where a message is on its way to the provider. */
export type SendStatus =
  /** The provider took it. */
  | 'ACCEPTED'
  /** The provider says that it arrived. */
  | 'DELIVERED'
  /** A worker is handing it over. */
  | 'EXECUTING'
  /** The provider refused it, or no try was left. */
  | 'FAILED'
  /** Waits to be taken by a delivery worker, at first or for another try. */
  | 'PENDING'
  /** Held back at the gate: consent, an exit rule, or the run was over. */
  | 'SKIPPED'
  /** The provider may have taken it; no answer came. */
  | 'UNKNOWN';

/** How bad a finding is. */
export type Severity =
  /** Refuses publishing. */
  | 'ERROR'
  /** Worth knowing. */
  | 'INFO'
  /** Very likely a mistake. */
  | 'WARNING';

/** The two kinds of steps. */
export type StepGroup =
  /** Does something: sends, calls, changes the contact. */
  | 'ACTION'
  /** Steers: waits, branches, ends. */
  | 'CONTROL';

/** What became of one visit to a step. */
export type StepStatus =
  /** Done, and left by an edge. */
  | 'COMPLETED'
  /** Its effect is on its way, and the answer is not in. */
  | 'EXECUTING'
  /** It could not be done; `error` says why. */
  | 'FAILED'
  /** It waits for a time or an event. */
  | 'PENDING'
  /** Passed over: by its `if`, or by a person. */
  | 'SKIPPED';

/** Where a workflow is in its life. */
export type WorkflowStatus =
  /** Lets contacts in and takes them along. */
  | 'ACTIVE'
  /** Over: nobody is inside, and nobody comes in again. */
  | 'ARCHIVED'
  /** Never published: nobody is inside. */
  | 'DRAFT'
  /** Lets nobody in, and those inside stand still. */
  | 'PAUSED';

export type SaveDraftMutationVariables = Exact<{
  id: string;
  yaml: string;
  expectedRevision: number;
}>;


export type SaveDraftMutation = { answer:
    | { __typename: 'InvalidInput', message: string }
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'PayloadTooLarge', message: string }
    | { __typename: 'UpdateWorkflowPayload', workflow: { revision: number } }
    | { __typename: 'ValidationFailed', message: string }
    | { __typename: 'VersionConflict', message: string }
   };

export type PublishDraftMutationVariables = Exact<{
  id: string;
  expectedRevision: number;
}>;


export type PublishDraftMutation = { answer:
    | { __typename: 'InvalidInput', message: string }
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'PublishWorkflowPayload' }
    | { __typename: 'ValidationFailed', message: string }
    | { __typename: 'VersionConflict', message: string }
   };

export type EnrollmentCursorQueryVariables = Exact<{
  id: string;
}>;


export type EnrollmentCursorQuery = { enrollment: { lastCursor: string } | null };

export type EnrollmentJourneyQueryVariables = Exact<{
  id: string;
}>;


export type EnrollmentJourneyQuery = { location: { timezone: string }, enrollment: { id: string, status: EnrollmentStatus, exitReason: string | null, lastCursor: string, contact: { firstName: string | null, lastName: string | null, email: string | null, phone: string | null, deletedAt: string | null, tags: Array<string>, timezone: string | null } | null, workflow: { slug: string, name: string } | null, version: { number: number, canvas: { nodes: Array<{ id: string, type: string, data: unknown, position: { x: number, y: number } }>, edges: Array<{ id: string, source: string, sourceHandle: string, target: string }> } } | null, stepLogs: { pageInfo: { hasPreviousPage: boolean }, nodes: Array<{ seq: number, stepKey: string, visit: number, attempt: number, status: StepStatus, outcome: string | null, startedAt: string, completedAt: string | null, scheduledFor: string | null, input: unknown, output: unknown, error: string | null, decision: { text: string } | null, send: { channel: Channel, status: SendStatus, to: string | null, subject: string | null } | null }> } } | null };

export type JourneyStepFragment = { seq: number, stepKey: string, visit: number, attempt: number, status: StepStatus, outcome: string | null, startedAt: string, completedAt: string | null, scheduledFor: string | null, input: unknown, output: unknown, error: string | null, decision: { text: string } | null, send: { channel: Channel, status: SendStatus, to: string | null, subject: string | null } | null };

export type ExplainEnrollmentQueryVariables = Exact<{
  workflowId: string;
  contactId: string;
}>;


export type ExplainEnrollmentQuery = { explainEnrollment: { standing: EnrollmentStanding, text: string, triggers: Array<{ type: string, text: string, filters: { checks: Array<{ clause: string, verdict: boolean, actual: unknown }> } | null }>, refusals: Array<{ reason: string, createdAt: string }>, enrollment: { uuid: string, status: EnrollmentStatus, path: Array<string> } | null } | null };

export type FindWorkflowQueryVariables = Exact<{
  slug: string;
}>;


export type FindWorkflowQuery = { workflow: { id: string, uuid: string } | null };

export type FollowActivitySubscriptionVariables = Exact<{ [key: string]: never; }>;


export type FollowActivitySubscription = { workflowEvents:
    | { __typename: 'ActivityGap', cursor: string, reason: string }
    | { __typename: 'ContactEntered', cursor: string, enrollmentId: string, workflowId: string, to: string }
    | { __typename: 'ContactMoved', cursor: string, enrollmentId: string, workflowId: string, from: string, outcome: string, to: string }
    | { __typename: 'RunEnded', cursor: string, enrollmentId: string, workflowId: string, status: EnrollmentStatus }
   };

export type FollowEnrollmentSubscriptionVariables = Exact<{
  enrollmentId: string;
  after?: string | null | undefined;
}>;


export type FollowEnrollmentSubscription = { enrollmentEvents:
    | { __typename: 'StatusChanged', cursor: string, status: EnrollmentStatus }
    | { __typename: 'StepEnded', cursor: string, stepKey: string, outcome: string | null }
    | { __typename: 'StepStarted', cursor: string, stepKey: string }
    | { __typename: 'TrackingFact', cursor: string, name: string }
   };

export type ListWorkflowsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type ListWorkflowsQuery = { workflows: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, uuid: string, slug: string, name: string, status: WorkflowStatus, stats: { enrolled: number, active: number, completed: number, exited: number, failed: number } }> } };

export type RunNowMutationVariables = Exact<{
  id: string;
}>;


export type RunNowMutation = { answer:
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'RunNowPayload' }
   };

export type RetryStepMutationVariables = Exact<{
  id: string;
}>;


export type RetryStepMutation = { answer:
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'RetryStepPayload' }
   };

export type ExitEnrollmentMutationVariables = Exact<{
  id: string;
  reason: string;
}>;


export type ExitEnrollmentMutation = { answer:
    | { __typename: 'ExitEnrollmentPayload' }
    | { __typename: 'InvalidInput', message: string }
    | { __typename: 'NotFound', message: string }
   };

export type PauseWorkflowMutationVariables = Exact<{
  id: string;
}>;


export type PauseWorkflowMutation = { answer:
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'PauseWorkflowPayload' }
    | { __typename: 'VersionConflict', message: string }
   };

export type ResumeWorkflowMutationVariables = Exact<{
  id: string;
}>;


export type ResumeWorkflowMutation = { answer:
    | { __typename: 'InvalidState', message: string }
    | { __typename: 'NotFound', message: string }
    | { __typename: 'ResumeWorkflowPayload' }
    | { __typename: 'VersionConflict', message: string }
   };

export type StepCatalogueQueryVariables = Exact<{ [key: string]: never; }>;


export type StepCatalogueQuery = { stepTypes: Array<{ type: string, icon: string, group: StepGroup, summary: string }>, triggerTypes: Array<{ type: string, icon: string, summary: string }> };

export type ValidateSourceQueryVariables = Exact<{
  yaml: string;
}>;


export type ValidateSourceQuery = { validateWorkflow: { valid: boolean, diagnostics: Array<{ rule: string, severity: Severity, message: string, hint: string | null, line: number | null, column: number | null }> } };

export type WatchDefinitionSubscriptionVariables = Exact<{
  workflowId: string;
}>;


export type WatchDefinitionSubscription = { definitionChanged: { revision: number } };

export type WatchEnrollmentSubscriptionVariables = Exact<{
  enrollmentId: string;
  after?: string | null | undefined;
}>;


export type WatchEnrollmentSubscription = { enrollmentEvents:
    | { __typename: 'StatusChanged', cursor: string, status: EnrollmentStatus, exitReason: string | null }
    | { __typename: 'StepEnded', cursor: string, log: { seq: number, stepKey: string, visit: number, attempt: number, status: StepStatus, outcome: string | null, startedAt: string, completedAt: string | null, scheduledFor: string | null, input: unknown, output: unknown, error: string | null, decision: { text: string } | null, send: { channel: Channel, status: SendStatus, to: string | null, subject: string | null } | null } | null }
    | { __typename: 'StepStarted', cursor: string, log: { seq: number, stepKey: string, visit: number, attempt: number, status: StepStatus, outcome: string | null, startedAt: string, completedAt: string | null, scheduledFor: string | null, input: unknown, output: unknown, error: string | null, decision: { text: string } | null, send: { channel: Channel, status: SendStatus, to: string | null, subject: string | null } | null } | null }
    | { __typename: 'TrackingFact', cursor: string, name: string, stepKey: string }
   };

export type WatchSystemSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type WatchSystemSubscription = { systemStatus: { clockSpeed: number, journeyNow: string, queues: Array<{ name: string, waiting: number }> | null } };

export type WatchTotalsSubscriptionVariables = Exact<{
  workflowId: string;
}>;


export type WatchTotalsSubscription = { workflowLive: { totals: { enrolled: number, active: number, completed: number, exited: number, failed: number } } };

export type WatchWorkflowSubscriptionVariables = Exact<{
  workflowId: string;
}>;


export type WatchWorkflowSubscription = { workflowLive: { snapshot: boolean, totals: { enrolled: number, active: number, completed: number, exited: number, failed: number }, nodes: Array<{ stepKey: string, waiting: number, passed: number, failed: number }>, edges: Array<{ from: string, outcome: string, count: number }>, moves: Array<{ from: string, outcome: string }> } };

export type WhoIsAtStepQueryVariables = Exact<{
  workflowId: string;
  step: string;
}>;


export type WhoIsAtStepQuery = { enrollments: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ uuid: string, nextRunAt: string | null, contact: { firstName: string | null, lastName: string | null, email: string | null, phone: string | null, deletedAt: string | null } | null }> } };

export type WorkflowCanvasQueryVariables = Exact<{
  slug: string;
}>;


export type WorkflowCanvasQuery = { workflow: { id: string, slug: string, name: string, description: string | null, status: WorkflowStatus, entryStopped: boolean, revision: number, published: { number: number, canvas: { nodes: Array<{ id: string, type: string, data: unknown, position: { x: number, y: number } }>, edges: Array<{ id: string, source: string, sourceHandle: string, target: string }> } } | null, draft: { number: number, canvas: { nodes: Array<{ id: string, type: string, data: unknown, position: { x: number, y: number } }>, edges: Array<{ id: string, source: string, sourceHandle: string, target: string }> } } | null } | null };

export type CanvasVersionFragment = { number: number, canvas: { nodes: Array<{ id: string, type: string, data: unknown, position: { x: number, y: number } }>, edges: Array<{ id: string, source: string, sourceHandle: string, target: string }> } };

export type WorkflowNumbersQueryVariables = Exact<{
  slug: string;
}>;


export type WorkflowNumbersQuery = { workflow: { stats: { enrolled: number, funnel: Array<{ stepKey: string, entered: number, waiting: number, droppedOff: number, dropOffRate: number | null, timeInStep: { medianMs: number, p90Ms: number } | null }>, goals: Array<{ stepKey: string, reached: number, rate: { value: number, low: number, high: number } | null }>, experiments: Array<{ key: string, sampleRatio: { mismatch: boolean } | null, variants: Array<{ name: string, weight: number | null, exposures: number, conversions: number, rate: { value: number, low: number, high: number } | null, lift: { value: number, low: number, high: number } | null }> }> } } | null };

export type WorkflowSourceQueryVariables = Exact<{
  slug: string;
}>;


export type WorkflowSourceQuery = { workflow: { revision: number, draft: { yaml: string } | null, published: { yaml: string } | null } | null };

export type WorkflowsOverviewQueryVariables = Exact<{
  search?: string | null | undefined;
}>;


export type WorkflowsOverviewQuery = { location: { name: string, timezone: string }, workflows: { pageInfo: { hasNextPage: boolean }, nodes: Array<{ id: string, slug: string, name: string, status: WorkflowStatus, triggers: Array<{ type: string }> }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const JourneyStepFragmentDoc = new TypedDocumentString(`
    fragment JourneyStep on StepLog {
  seq
  stepKey
  visit
  attempt
  status
  outcome
  startedAt
  completedAt
  scheduledFor
  input
  output
  error
  decision {
    text
  }
  send {
    channel
    status
    to
    subject
  }
}
    `, {"fragmentName":"JourneyStep"}) as unknown as TypedDocumentString<JourneyStepFragment, unknown>;
export const CanvasVersionFragmentDoc = new TypedDocumentString(`
    fragment CanvasVersion on WorkflowVersion {
  number
  canvas {
    nodes {
      id
      type
      position {
        x
        y
      }
      data
    }
    edges {
      id
      source
      sourceHandle
      target
    }
  }
}
    `, {"fragmentName":"CanvasVersion"}) as unknown as TypedDocumentString<CanvasVersionFragment, unknown>;
export const SaveDraftDocument = new TypedDocumentString(`
    mutation SaveDraft($id: ID!, $yaml: String!, $expectedRevision: Int!) {
  answer: updateWorkflow(
    input: {id: $id, source: {yaml: $yaml}, expectedRevision: $expectedRevision}
  ) {
    __typename
    ... on UpdateWorkflowPayload {
      workflow {
        revision
      }
    }
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SaveDraftMutation, SaveDraftMutationVariables>;
export const PublishDraftDocument = new TypedDocumentString(`
    mutation PublishDraft($id: ID!, $expectedRevision: Int!) {
  answer: publishWorkflow(input: {id: $id, expectedRevision: $expectedRevision}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PublishDraftMutation, PublishDraftMutationVariables>;
export const EnrollmentCursorDocument = new TypedDocumentString(`
    query EnrollmentCursor($id: ID!) {
  enrollment(id: $id) {
    lastCursor
  }
}
    `) as unknown as TypedDocumentString<EnrollmentCursorQuery, EnrollmentCursorQueryVariables>;
export const EnrollmentJourneyDocument = new TypedDocumentString(`
    query EnrollmentJourney($id: ID!) {
  location {
    timezone
  }
  enrollment(id: $id) {
    id
    status
    exitReason
    lastCursor
    contact {
      firstName
      lastName
      email
      phone
      deletedAt
      tags
      timezone
    }
    workflow {
      slug
      name
    }
    version {
      ...CanvasVersion
    }
    stepLogs(last: 100) {
      pageInfo {
        hasPreviousPage
      }
      nodes {
        ...JourneyStep
      }
    }
  }
}
    fragment JourneyStep on StepLog {
  seq
  stepKey
  visit
  attempt
  status
  outcome
  startedAt
  completedAt
  scheduledFor
  input
  output
  error
  decision {
    text
  }
  send {
    channel
    status
    to
    subject
  }
}
fragment CanvasVersion on WorkflowVersion {
  number
  canvas {
    nodes {
      id
      type
      position {
        x
        y
      }
      data
    }
    edges {
      id
      source
      sourceHandle
      target
    }
  }
}`) as unknown as TypedDocumentString<EnrollmentJourneyQuery, EnrollmentJourneyQueryVariables>;
export const ExplainEnrollmentDocument = new TypedDocumentString(`
    query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {
  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {
    standing
    text
    triggers {
      type
      text
      filters {
        checks {
          clause
          verdict
          actual
        }
      }
    }
    refusals {
      reason
      createdAt
    }
    enrollment {
      uuid
      status
      path
    }
  }
}
    `) as unknown as TypedDocumentString<ExplainEnrollmentQuery, ExplainEnrollmentQueryVariables>;
export const FindWorkflowDocument = new TypedDocumentString(`
    query FindWorkflow($slug: String!) {
  workflow(by: {slug: $slug}) {
    id
    uuid
  }
}
    `) as unknown as TypedDocumentString<FindWorkflowQuery, FindWorkflowQueryVariables>;
export const FollowActivityDocument = new TypedDocumentString(`
    subscription FollowActivity {
  workflowEvents {
    __typename
    ... on ContactEntered {
      cursor
      enrollmentId
      workflowId
      to
    }
    ... on ContactMoved {
      cursor
      enrollmentId
      workflowId
      from
      outcome
      to
    }
    ... on RunEnded {
      cursor
      enrollmentId
      workflowId
      status
    }
    ... on ActivityGap {
      cursor
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<FollowActivitySubscription, FollowActivitySubscriptionVariables>;
export const FollowEnrollmentDocument = new TypedDocumentString(`
    subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {
  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {
    __typename
    ... on StepStarted {
      cursor
      stepKey
    }
    ... on StepEnded {
      cursor
      stepKey
      outcome
    }
    ... on TrackingFact {
      cursor
      name
    }
    ... on StatusChanged {
      cursor
      status
    }
  }
}
    `) as unknown as TypedDocumentString<FollowEnrollmentSubscription, FollowEnrollmentSubscriptionVariables>;
export const ListWorkflowsDocument = new TypedDocumentString(`
    query ListWorkflows($first: Int, $after: String, $search: String) {
  workflows(first: $first, after: $after, filter: {search: $search}) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      uuid
      slug
      name
      status
      stats {
        enrolled
        active
        completed
        exited
        failed
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ListWorkflowsQuery, ListWorkflowsQueryVariables>;
export const RunNowDocument = new TypedDocumentString(`
    mutation RunNow($id: ID!) {
  answer: runNow(input: {id: $id}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RunNowMutation, RunNowMutationVariables>;
export const RetryStepDocument = new TypedDocumentString(`
    mutation RetryStep($id: ID!) {
  answer: retryStep(input: {id: $id}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RetryStepMutation, RetryStepMutationVariables>;
export const ExitEnrollmentDocument = new TypedDocumentString(`
    mutation ExitEnrollment($id: ID!, $reason: String!) {
  answer: exitEnrollment(input: {id: $id, reason: $reason}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ExitEnrollmentMutation, ExitEnrollmentMutationVariables>;
export const PauseWorkflowDocument = new TypedDocumentString(`
    mutation PauseWorkflow($id: ID!) {
  answer: pauseWorkflow(input: {id: $id}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PauseWorkflowMutation, PauseWorkflowMutationVariables>;
export const ResumeWorkflowDocument = new TypedDocumentString(`
    mutation ResumeWorkflow($id: ID!) {
  answer: resumeWorkflow(input: {id: $id}) {
    __typename
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ResumeWorkflowMutation, ResumeWorkflowMutationVariables>;
export const StepCatalogueDocument = new TypedDocumentString(`
    query StepCatalogue {
  stepTypes {
    type
    icon
    group
    summary
  }
  triggerTypes {
    type
    icon
    summary
  }
}
    `) as unknown as TypedDocumentString<StepCatalogueQuery, StepCatalogueQueryVariables>;
export const ValidateSourceDocument = new TypedDocumentString(`
    query ValidateSource($yaml: String!) {
  validateWorkflow(source: {yaml: $yaml}) {
    valid
    diagnostics {
      rule
      severity
      message
      hint
      line
      column
    }
  }
}
    `) as unknown as TypedDocumentString<ValidateSourceQuery, ValidateSourceQueryVariables>;
export const WatchDefinitionDocument = new TypedDocumentString(`
    subscription WatchDefinition($workflowId: ID!) {
  definitionChanged(workflowId: $workflowId) {
    revision
  }
}
    `) as unknown as TypedDocumentString<WatchDefinitionSubscription, WatchDefinitionSubscriptionVariables>;
export const WatchEnrollmentDocument = new TypedDocumentString(`
    subscription WatchEnrollment($enrollmentId: ID!, $after: Cursor) {
  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {
    __typename
    ... on StepStarted {
      cursor
      log {
        ...JourneyStep
      }
    }
    ... on StepEnded {
      cursor
      log {
        ...JourneyStep
      }
    }
    ... on TrackingFact {
      cursor
      name
      stepKey
    }
    ... on StatusChanged {
      cursor
      status
      exitReason
    }
  }
}
    fragment JourneyStep on StepLog {
  seq
  stepKey
  visit
  attempt
  status
  outcome
  startedAt
  completedAt
  scheduledFor
  input
  output
  error
  decision {
    text
  }
  send {
    channel
    status
    to
    subject
  }
}`) as unknown as TypedDocumentString<WatchEnrollmentSubscription, WatchEnrollmentSubscriptionVariables>;
export const WatchSystemDocument = new TypedDocumentString(`
    subscription WatchSystem {
  systemStatus {
    clockSpeed
    journeyNow
    queues {
      name
      waiting
    }
  }
}
    `) as unknown as TypedDocumentString<WatchSystemSubscription, WatchSystemSubscriptionVariables>;
export const WatchTotalsDocument = new TypedDocumentString(`
    subscription WatchTotals($workflowId: ID!) {
  workflowLive(workflowId: $workflowId, maxFps: 2) {
    totals {
      enrolled
      active
      completed
      exited
      failed
    }
  }
}
    `) as unknown as TypedDocumentString<WatchTotalsSubscription, WatchTotalsSubscriptionVariables>;
export const WatchWorkflowDocument = new TypedDocumentString(`
    subscription WatchWorkflow($workflowId: ID!) {
  workflowLive(workflowId: $workflowId, maxFps: 5) {
    snapshot
    totals {
      enrolled
      active
      completed
      exited
      failed
    }
    nodes {
      stepKey
      waiting
      passed
      failed
    }
    edges {
      from
      outcome
      count
    }
    moves {
      from
      outcome
    }
  }
}
    `) as unknown as TypedDocumentString<WatchWorkflowSubscription, WatchWorkflowSubscriptionVariables>;
export const WhoIsAtStepDocument = new TypedDocumentString(`
    query WhoIsAtStep($workflowId: ID!, $step: String!) {
  enrollments(
    first: 12
    filter: {workflowId: $workflowId, currentStep: $step, status: [ACTIVE]}
  ) {
    pageInfo {
      hasNextPage
    }
    nodes {
      uuid
      nextRunAt
      contact {
        firstName
        lastName
        email
        phone
        deletedAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WhoIsAtStepQuery, WhoIsAtStepQueryVariables>;
export const WorkflowCanvasDocument = new TypedDocumentString(`
    query WorkflowCanvas($slug: String!) {
  workflow(by: {slug: $slug}) {
    id
    slug
    name
    description
    status
    entryStopped
    revision
    published {
      ...CanvasVersion
    }
    draft {
      ...CanvasVersion
    }
  }
}
    fragment CanvasVersion on WorkflowVersion {
  number
  canvas {
    nodes {
      id
      type
      position {
        x
        y
      }
      data
    }
    edges {
      id
      source
      sourceHandle
      target
    }
  }
}`) as unknown as TypedDocumentString<WorkflowCanvasQuery, WorkflowCanvasQueryVariables>;
export const WorkflowNumbersDocument = new TypedDocumentString(`
    query WorkflowNumbers($slug: String!) {
  workflow(by: {slug: $slug}) {
    stats {
      enrolled
      funnel {
        stepKey
        entered
        waiting
        droppedOff
        dropOffRate
        timeInStep {
          medianMs
          p90Ms
        }
      }
      goals {
        stepKey
        reached
        rate {
          value
          low
          high
        }
      }
      experiments {
        key
        sampleRatio {
          mismatch
        }
        variants {
          name
          weight
          exposures
          conversions
          rate {
            value
            low
            high
          }
          lift {
            value
            low
            high
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WorkflowNumbersQuery, WorkflowNumbersQueryVariables>;
export const WorkflowSourceDocument = new TypedDocumentString(`
    query WorkflowSource($slug: String!) {
  workflow(by: {slug: $slug}) {
    revision
    draft {
      yaml
    }
    published {
      yaml
    }
  }
}
    `) as unknown as TypedDocumentString<WorkflowSourceQuery, WorkflowSourceQueryVariables>;
export const WorkflowsOverviewDocument = new TypedDocumentString(`
    query WorkflowsOverview($search: String) {
  location {
    name
    timezone
  }
  workflows(first: 50, orderBy: RECENTLY_CHANGED, filter: {search: $search}) {
    pageInfo {
      hasNextPage
    }
    nodes {
      id
      slug
      name
      status
      triggers {
        type
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WorkflowsOverviewQuery, WorkflowsOverviewQueryVariables>;