/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {\n  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {\n    standing\n    text\n    triggers {\n      type\n      text\n      filters {\n        checks {\n          clause\n          verdict\n          actual\n        }\n      }\n    }\n    refusals {\n      reason\n      createdAt\n    }\n    enrollment {\n      uuid\n      status\n      path\n    }\n  }\n}": typeof types.ExplainEnrollmentDocument,
    "query FindWorkflow($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    uuid\n  }\n}": typeof types.FindWorkflowDocument,
    "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}": typeof types.FollowEnrollmentDocument,
    "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}": typeof types.ListWorkflowsDocument,
};
const documents: Documents = {
    "query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {\n  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {\n    standing\n    text\n    triggers {\n      type\n      text\n      filters {\n        checks {\n          clause\n          verdict\n          actual\n        }\n      }\n    }\n    refusals {\n      reason\n      createdAt\n    }\n    enrollment {\n      uuid\n      status\n      path\n    }\n  }\n}": types.ExplainEnrollmentDocument,
    "query FindWorkflow($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    uuid\n  }\n}": types.FindWorkflowDocument,
    "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}": types.FollowEnrollmentDocument,
    "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}": types.ListWorkflowsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {\n  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {\n    standing\n    text\n    triggers {\n      type\n      text\n      filters {\n        checks {\n          clause\n          verdict\n          actual\n        }\n      }\n    }\n    refusals {\n      reason\n      createdAt\n    }\n    enrollment {\n      uuid\n      status\n      path\n    }\n  }\n}"): typeof import('./graphql.ts').ExplainEnrollmentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query FindWorkflow($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    uuid\n  }\n}"): typeof import('./graphql.ts').FindWorkflowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}"): typeof import('./graphql.ts').FollowEnrollmentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ListWorkflowsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
