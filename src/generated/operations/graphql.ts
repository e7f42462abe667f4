/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type ExplainEnrollmentQueryVariables = Exact<{
  workflowId: string;
  contactId: string;
}>;


export type ExplainEnrollmentQuery = { explainEnrollment: { standing: EnrollmentStanding, text: string, triggers: Array<{ type: string, text: string, filters: { checks: Array<{ clause: string, verdict: boolean, actual: unknown }> } | null }>, refusals: Array<{ reason: string, createdAt: string }>, enrollment: { uuid: string, status: EnrollmentStatus, path: Array<string> } | null } | null };

export type FindWorkflowQueryVariables = Exact<{
  slug: string;
}>;


export type FindWorkflowQuery = { workflow: { id: string, uuid: string } | null };

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