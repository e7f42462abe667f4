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
    "mutation SaveDraft($id: ID!, $yaml: String!, $expectedRevision: Int!) {\n  answer: updateWorkflow(\n    input: {id: $id, source: {yaml: $yaml}, expectedRevision: $expectedRevision}\n  ) {\n    __typename\n    ... on UpdateWorkflowPayload {\n      workflow {\n        revision\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation PublishDraft($id: ID!, $expectedRevision: Int!) {\n  answer: publishWorkflow(input: {id: $id, expectedRevision: $expectedRevision}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.SaveDraftDocument,
    "query EnrollmentCursor($id: ID!) {\n  enrollment(id: $id) {\n    lastCursor\n  }\n}": typeof types.EnrollmentCursorDocument,
    "query EnrollmentJourney($id: ID!) {\n  location {\n    timezone\n  }\n  enrollment(id: $id) {\n    id\n    status\n    exitReason\n    lastCursor\n    contact {\n      firstName\n      lastName\n      email\n      phone\n      deletedAt\n      tags\n      timezone\n    }\n    workflow {\n      slug\n      name\n    }\n    version {\n      ...CanvasVersion\n    }\n    stepLogs(last: 100) {\n      pageInfo {\n        hasPreviousPage\n      }\n      nodes {\n        ...JourneyStep\n      }\n    }\n  }\n}\n\nfragment JourneyStep on StepLog {\n  seq\n  stepKey\n  visit\n  attempt\n  status\n  outcome\n  startedAt\n  completedAt\n  scheduledFor\n  input\n  output\n  error\n  decision {\n    text\n  }\n  send {\n    channel\n    status\n    to\n    subject\n  }\n}": typeof types.EnrollmentJourneyDocument,
    "query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {\n  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {\n    standing\n    text\n    triggers {\n      type\n      text\n      filters {\n        checks {\n          clause\n          verdict\n          actual\n        }\n      }\n    }\n    refusals {\n      reason\n      createdAt\n    }\n    enrollment {\n      uuid\n      status\n      path\n    }\n  }\n}": typeof types.ExplainEnrollmentDocument,
    "query FindWorkflow($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    uuid\n  }\n}": typeof types.FindWorkflowDocument,
    "subscription FollowActivity {\n  workflowEvents {\n    __typename\n    ... on ContactEntered {\n      cursor\n      enrollmentId\n      workflowId\n      to\n    }\n    ... on ContactMoved {\n      cursor\n      enrollmentId\n      workflowId\n      from\n      outcome\n      to\n    }\n    ... on RunEnded {\n      cursor\n      enrollmentId\n      workflowId\n      status\n    }\n    ... on ActivityGap {\n      cursor\n      reason\n    }\n  }\n}": typeof types.FollowActivityDocument,
    "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}": typeof types.FollowEnrollmentDocument,
    "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}": typeof types.ListWorkflowsDocument,
    "mutation RunNow($id: ID!) {\n  answer: runNow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation RetryStep($id: ID!) {\n  answer: retryStep(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ExitEnrollment($id: ID!, $reason: String!) {\n  answer: exitEnrollment(input: {id: $id, reason: $reason}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.RunNowDocument,
    "mutation PauseWorkflow($id: ID!) {\n  answer: pauseWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ResumeWorkflow($id: ID!) {\n  answer: resumeWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": typeof types.PauseWorkflowDocument,
    "query StepCatalogue {\n  stepTypes {\n    type\n    icon\n    group\n    summary\n  }\n  triggerTypes {\n    type\n    icon\n    summary\n  }\n}": typeof types.StepCatalogueDocument,
    "query ValidateSource($yaml: String!) {\n  validateWorkflow(source: {yaml: $yaml}) {\n    valid\n    diagnostics {\n      rule\n      severity\n      message\n      hint\n      line\n      column\n    }\n  }\n}": typeof types.ValidateSourceDocument,
    "subscription WatchDefinition($workflowId: ID!) {\n  definitionChanged(workflowId: $workflowId) {\n    revision\n  }\n}": typeof types.WatchDefinitionDocument,
    "subscription WatchEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on StepEnded {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on TrackingFact {\n      cursor\n      name\n      stepKey\n    }\n    ... on StatusChanged {\n      cursor\n      status\n      exitReason\n    }\n  }\n}": typeof types.WatchEnrollmentDocument,
    "subscription WatchSystem {\n  systemStatus {\n    clockSpeed\n    journeyNow\n    queues {\n      name\n      waiting\n    }\n  }\n}": typeof types.WatchSystemDocument,
    "subscription WatchTotals($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 2) {\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n  }\n}": typeof types.WatchTotalsDocument,
    "subscription WatchWorkflow($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 5) {\n    snapshot\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n    nodes {\n      stepKey\n      waiting\n      passed\n      failed\n    }\n    edges {\n      from\n      outcome\n      count\n    }\n    moves {\n      from\n      outcome\n    }\n  }\n}": typeof types.WatchWorkflowDocument,
    "query WhoIsAtStep($workflowId: ID!, $step: String!) {\n  enrollments(\n    first: 12\n    filter: {workflowId: $workflowId, currentStep: $step, status: [ACTIVE]}\n  ) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      uuid\n      nextRunAt\n      contact {\n        firstName\n        lastName\n        email\n        phone\n        deletedAt\n      }\n    }\n  }\n}": typeof types.WhoIsAtStepDocument,
    "query WorkflowCanvas($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    slug\n    name\n    description\n    status\n    entryStopped\n    revision\n    published {\n      ...CanvasVersion\n    }\n    draft {\n      ...CanvasVersion\n    }\n  }\n}\n\nfragment CanvasVersion on WorkflowVersion {\n  number\n  canvas {\n    nodes {\n      id\n      type\n      position {\n        x\n        y\n      }\n      data\n    }\n    edges {\n      id\n      source\n      sourceHandle\n      target\n    }\n  }\n}": typeof types.WorkflowCanvasDocument,
    "query WorkflowNumbers($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    stats {\n      enrolled\n      funnel {\n        stepKey\n        entered\n        waiting\n        droppedOff\n        dropOffRate\n        timeInStep {\n          medianMs\n          p90Ms\n        }\n      }\n      goals {\n        stepKey\n        reached\n        rate {\n          value\n          low\n          high\n        }\n      }\n      experiments {\n        key\n        sampleRatio {\n          mismatch\n        }\n        variants {\n          name\n          weight\n          exposures\n          conversions\n          rate {\n            value\n            low\n            high\n          }\n          lift {\n            value\n            low\n            high\n          }\n        }\n      }\n    }\n  }\n}": typeof types.WorkflowNumbersDocument,
    "query WorkflowSource($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    revision\n    draft {\n      yaml\n    }\n    published {\n      yaml\n    }\n  }\n}": typeof types.WorkflowSourceDocument,
    "query WorkflowsOverview($search: String) {\n  location {\n    name\n    timezone\n  }\n  workflows(first: 50, orderBy: RECENTLY_CHANGED, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      id\n      slug\n      name\n      status\n      triggers {\n        type\n      }\n    }\n  }\n}": typeof types.WorkflowsOverviewDocument,
};
const documents: Documents = {
    "mutation SaveDraft($id: ID!, $yaml: String!, $expectedRevision: Int!) {\n  answer: updateWorkflow(\n    input: {id: $id, source: {yaml: $yaml}, expectedRevision: $expectedRevision}\n  ) {\n    __typename\n    ... on UpdateWorkflowPayload {\n      workflow {\n        revision\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation PublishDraft($id: ID!, $expectedRevision: Int!) {\n  answer: publishWorkflow(input: {id: $id, expectedRevision: $expectedRevision}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": types.SaveDraftDocument,
    "query EnrollmentCursor($id: ID!) {\n  enrollment(id: $id) {\n    lastCursor\n  }\n}": types.EnrollmentCursorDocument,
    "query EnrollmentJourney($id: ID!) {\n  location {\n    timezone\n  }\n  enrollment(id: $id) {\n    id\n    status\n    exitReason\n    lastCursor\n    contact {\n      firstName\n      lastName\n      email\n      phone\n      deletedAt\n      tags\n      timezone\n    }\n    workflow {\n      slug\n      name\n    }\n    version {\n      ...CanvasVersion\n    }\n    stepLogs(last: 100) {\n      pageInfo {\n        hasPreviousPage\n      }\n      nodes {\n        ...JourneyStep\n      }\n    }\n  }\n}\n\nfragment JourneyStep on StepLog {\n  seq\n  stepKey\n  visit\n  attempt\n  status\n  outcome\n  startedAt\n  completedAt\n  scheduledFor\n  input\n  output\n  error\n  decision {\n    text\n  }\n  send {\n    channel\n    status\n    to\n    subject\n  }\n}": types.EnrollmentJourneyDocument,
    "query ExplainEnrollment($workflowId: ID!, $contactId: ID!) {\n  explainEnrollment(workflowId: $workflowId, contactId: $contactId) {\n    standing\n    text\n    triggers {\n      type\n      text\n      filters {\n        checks {\n          clause\n          verdict\n          actual\n        }\n      }\n    }\n    refusals {\n      reason\n      createdAt\n    }\n    enrollment {\n      uuid\n      status\n      path\n    }\n  }\n}": types.ExplainEnrollmentDocument,
    "query FindWorkflow($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    uuid\n  }\n}": types.FindWorkflowDocument,
    "subscription FollowActivity {\n  workflowEvents {\n    __typename\n    ... on ContactEntered {\n      cursor\n      enrollmentId\n      workflowId\n      to\n    }\n    ... on ContactMoved {\n      cursor\n      enrollmentId\n      workflowId\n      from\n      outcome\n      to\n    }\n    ... on RunEnded {\n      cursor\n      enrollmentId\n      workflowId\n      status\n    }\n    ... on ActivityGap {\n      cursor\n      reason\n    }\n  }\n}": types.FollowActivityDocument,
    "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}": types.FollowEnrollmentDocument,
    "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}": types.ListWorkflowsDocument,
    "mutation RunNow($id: ID!) {\n  answer: runNow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation RetryStep($id: ID!) {\n  answer: retryStep(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ExitEnrollment($id: ID!, $reason: String!) {\n  answer: exitEnrollment(input: {id: $id, reason: $reason}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": types.RunNowDocument,
    "mutation PauseWorkflow($id: ID!) {\n  answer: pauseWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ResumeWorkflow($id: ID!) {\n  answer: resumeWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}": types.PauseWorkflowDocument,
    "query StepCatalogue {\n  stepTypes {\n    type\n    icon\n    group\n    summary\n  }\n  triggerTypes {\n    type\n    icon\n    summary\n  }\n}": types.StepCatalogueDocument,
    "query ValidateSource($yaml: String!) {\n  validateWorkflow(source: {yaml: $yaml}) {\n    valid\n    diagnostics {\n      rule\n      severity\n      message\n      hint\n      line\n      column\n    }\n  }\n}": types.ValidateSourceDocument,
    "subscription WatchDefinition($workflowId: ID!) {\n  definitionChanged(workflowId: $workflowId) {\n    revision\n  }\n}": types.WatchDefinitionDocument,
    "subscription WatchEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on StepEnded {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on TrackingFact {\n      cursor\n      name\n      stepKey\n    }\n    ... on StatusChanged {\n      cursor\n      status\n      exitReason\n    }\n  }\n}": types.WatchEnrollmentDocument,
    "subscription WatchSystem {\n  systemStatus {\n    clockSpeed\n    journeyNow\n    queues {\n      name\n      waiting\n    }\n  }\n}": types.WatchSystemDocument,
    "subscription WatchTotals($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 2) {\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n  }\n}": types.WatchTotalsDocument,
    "subscription WatchWorkflow($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 5) {\n    snapshot\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n    nodes {\n      stepKey\n      waiting\n      passed\n      failed\n    }\n    edges {\n      from\n      outcome\n      count\n    }\n    moves {\n      from\n      outcome\n    }\n  }\n}": types.WatchWorkflowDocument,
    "query WhoIsAtStep($workflowId: ID!, $step: String!) {\n  enrollments(\n    first: 12\n    filter: {workflowId: $workflowId, currentStep: $step, status: [ACTIVE]}\n  ) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      uuid\n      nextRunAt\n      contact {\n        firstName\n        lastName\n        email\n        phone\n        deletedAt\n      }\n    }\n  }\n}": types.WhoIsAtStepDocument,
    "query WorkflowCanvas($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    slug\n    name\n    description\n    status\n    entryStopped\n    revision\n    published {\n      ...CanvasVersion\n    }\n    draft {\n      ...CanvasVersion\n    }\n  }\n}\n\nfragment CanvasVersion on WorkflowVersion {\n  number\n  canvas {\n    nodes {\n      id\n      type\n      position {\n        x\n        y\n      }\n      data\n    }\n    edges {\n      id\n      source\n      sourceHandle\n      target\n    }\n  }\n}": types.WorkflowCanvasDocument,
    "query WorkflowNumbers($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    stats {\n      enrolled\n      funnel {\n        stepKey\n        entered\n        waiting\n        droppedOff\n        dropOffRate\n        timeInStep {\n          medianMs\n          p90Ms\n        }\n      }\n      goals {\n        stepKey\n        reached\n        rate {\n          value\n          low\n          high\n        }\n      }\n      experiments {\n        key\n        sampleRatio {\n          mismatch\n        }\n        variants {\n          name\n          weight\n          exposures\n          conversions\n          rate {\n            value\n            low\n            high\n          }\n          lift {\n            value\n            low\n            high\n          }\n        }\n      }\n    }\n  }\n}": types.WorkflowNumbersDocument,
    "query WorkflowSource($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    revision\n    draft {\n      yaml\n    }\n    published {\n      yaml\n    }\n  }\n}": types.WorkflowSourceDocument,
    "query WorkflowsOverview($search: String) {\n  location {\n    name\n    timezone\n  }\n  workflows(first: 50, orderBy: RECENTLY_CHANGED, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      id\n      slug\n      name\n      status\n      triggers {\n        type\n      }\n    }\n  }\n}": types.WorkflowsOverviewDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SaveDraft($id: ID!, $yaml: String!, $expectedRevision: Int!) {\n  answer: updateWorkflow(\n    input: {id: $id, source: {yaml: $yaml}, expectedRevision: $expectedRevision}\n  ) {\n    __typename\n    ... on UpdateWorkflowPayload {\n      workflow {\n        revision\n      }\n    }\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation PublishDraft($id: ID!, $expectedRevision: Int!) {\n  answer: publishWorkflow(input: {id: $id, expectedRevision: $expectedRevision}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').SaveDraftDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query EnrollmentCursor($id: ID!) {\n  enrollment(id: $id) {\n    lastCursor\n  }\n}"): typeof import('./graphql.ts').EnrollmentCursorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query EnrollmentJourney($id: ID!) {\n  location {\n    timezone\n  }\n  enrollment(id: $id) {\n    id\n    status\n    exitReason\n    lastCursor\n    contact {\n      firstName\n      lastName\n      email\n      phone\n      deletedAt\n      tags\n      timezone\n    }\n    workflow {\n      slug\n      name\n    }\n    version {\n      ...CanvasVersion\n    }\n    stepLogs(last: 100) {\n      pageInfo {\n        hasPreviousPage\n      }\n      nodes {\n        ...JourneyStep\n      }\n    }\n  }\n}\n\nfragment JourneyStep on StepLog {\n  seq\n  stepKey\n  visit\n  attempt\n  status\n  outcome\n  startedAt\n  completedAt\n  scheduledFor\n  input\n  output\n  error\n  decision {\n    text\n  }\n  send {\n    channel\n    status\n    to\n    subject\n  }\n}"): typeof import('./graphql.ts').EnrollmentJourneyDocument;
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
export function graphql(source: "subscription FollowActivity {\n  workflowEvents {\n    __typename\n    ... on ContactEntered {\n      cursor\n      enrollmentId\n      workflowId\n      to\n    }\n    ... on ContactMoved {\n      cursor\n      enrollmentId\n      workflowId\n      from\n      outcome\n      to\n    }\n    ... on RunEnded {\n      cursor\n      enrollmentId\n      workflowId\n      status\n    }\n    ... on ActivityGap {\n      cursor\n      reason\n    }\n  }\n}"): typeof import('./graphql.ts').FollowActivityDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription FollowEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      stepKey\n    }\n    ... on StepEnded {\n      cursor\n      stepKey\n      outcome\n    }\n    ... on TrackingFact {\n      cursor\n      name\n    }\n    ... on StatusChanged {\n      cursor\n      status\n    }\n  }\n}"): typeof import('./graphql.ts').FollowEnrollmentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListWorkflows($first: Int, $after: String, $search: String) {\n  workflows(first: $first, after: $after, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    nodes {\n      id\n      uuid\n      slug\n      name\n      status\n      stats {\n        enrolled\n        active\n        completed\n        exited\n        failed\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ListWorkflowsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RunNow($id: ID!) {\n  answer: runNow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation RetryStep($id: ID!) {\n  answer: retryStep(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ExitEnrollment($id: ID!, $reason: String!) {\n  answer: exitEnrollment(input: {id: $id, reason: $reason}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RunNowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation PauseWorkflow($id: ID!) {\n  answer: pauseWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}\n\nmutation ResumeWorkflow($id: ID!) {\n  answer: resumeWorkflow(input: {id: $id}) {\n    __typename\n    ... on UserError {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').PauseWorkflowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query StepCatalogue {\n  stepTypes {\n    type\n    icon\n    group\n    summary\n  }\n  triggerTypes {\n    type\n    icon\n    summary\n  }\n}"): typeof import('./graphql.ts').StepCatalogueDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ValidateSource($yaml: String!) {\n  validateWorkflow(source: {yaml: $yaml}) {\n    valid\n    diagnostics {\n      rule\n      severity\n      message\n      hint\n      line\n      column\n    }\n  }\n}"): typeof import('./graphql.ts').ValidateSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchDefinition($workflowId: ID!) {\n  definitionChanged(workflowId: $workflowId) {\n    revision\n  }\n}"): typeof import('./graphql.ts').WatchDefinitionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchEnrollment($enrollmentId: ID!, $after: Cursor) {\n  enrollmentEvents(enrollmentId: $enrollmentId, after: $after) {\n    __typename\n    ... on StepStarted {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on StepEnded {\n      cursor\n      log {\n        ...JourneyStep\n      }\n    }\n    ... on TrackingFact {\n      cursor\n      name\n      stepKey\n    }\n    ... on StatusChanged {\n      cursor\n      status\n      exitReason\n    }\n  }\n}"): typeof import('./graphql.ts').WatchEnrollmentDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchSystem {\n  systemStatus {\n    clockSpeed\n    journeyNow\n    queues {\n      name\n      waiting\n    }\n  }\n}"): typeof import('./graphql.ts').WatchSystemDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchTotals($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 2) {\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n  }\n}"): typeof import('./graphql.ts').WatchTotalsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchWorkflow($workflowId: ID!) {\n  workflowLive(workflowId: $workflowId, maxFps: 5) {\n    snapshot\n    totals {\n      enrolled\n      active\n      completed\n      exited\n      failed\n    }\n    nodes {\n      stepKey\n      waiting\n      passed\n      failed\n    }\n    edges {\n      from\n      outcome\n      count\n    }\n    moves {\n      from\n      outcome\n    }\n  }\n}"): typeof import('./graphql.ts').WatchWorkflowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WhoIsAtStep($workflowId: ID!, $step: String!) {\n  enrollments(\n    first: 12\n    filter: {workflowId: $workflowId, currentStep: $step, status: [ACTIVE]}\n  ) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      uuid\n      nextRunAt\n      contact {\n        firstName\n        lastName\n        email\n        phone\n        deletedAt\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').WhoIsAtStepDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WorkflowCanvas($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    id\n    slug\n    name\n    description\n    status\n    entryStopped\n    revision\n    published {\n      ...CanvasVersion\n    }\n    draft {\n      ...CanvasVersion\n    }\n  }\n}\n\nfragment CanvasVersion on WorkflowVersion {\n  number\n  canvas {\n    nodes {\n      id\n      type\n      position {\n        x\n        y\n      }\n      data\n    }\n    edges {\n      id\n      source\n      sourceHandle\n      target\n    }\n  }\n}"): typeof import('./graphql.ts').WorkflowCanvasDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WorkflowNumbers($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    stats {\n      enrolled\n      funnel {\n        stepKey\n        entered\n        waiting\n        droppedOff\n        dropOffRate\n        timeInStep {\n          medianMs\n          p90Ms\n        }\n      }\n      goals {\n        stepKey\n        reached\n        rate {\n          value\n          low\n          high\n        }\n      }\n      experiments {\n        key\n        sampleRatio {\n          mismatch\n        }\n        variants {\n          name\n          weight\n          exposures\n          conversions\n          rate {\n            value\n            low\n            high\n          }\n          lift {\n            value\n            low\n            high\n          }\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').WorkflowNumbersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WorkflowSource($slug: String!) {\n  workflow(by: {slug: $slug}) {\n    revision\n    draft {\n      yaml\n    }\n    published {\n      yaml\n    }\n  }\n}"): typeof import('./graphql.ts').WorkflowSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WorkflowsOverview($search: String) {\n  location {\n    name\n    timezone\n  }\n  workflows(first: 50, orderBy: RECENTLY_CHANGED, filter: {search: $search}) {\n    pageInfo {\n      hasNextPage\n    }\n    nodes {\n      id\n      slug\n      name\n      status\n      triggers {\n        type\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').WorkflowsOverviewDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
