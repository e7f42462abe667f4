import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

const SIMPLE = (name: string): string => `
name: ${name}
trigger:
  type: manual
steps:
  - id: welcome
    type: send_email
    config: { template_id: "{{templates.welcome}}" }
  - id: pause
    type: wait
    config: { duration: 1d }
  - id: done
    type: exit
`;

let stage: ApiStage;
beforeAll(async () => {
  stage = await createApiStage();
  await stage.gql('mutation($i: CreateTemplateInput!){ createTemplate(input:$i){ __typename } }', { i: { slug: 'welcome', channel: 'EMAIL', subject: 'Hi', html: '<p>Hi</p>' } });
});
afterAll(() => stage.close());

const CREATE = `mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { __typename
  ... on UserError { code message path }
  ... on ValidationFailed { diagnostics { rule line column hint severity blocksSaving } }
  ... on CreateWorkflowPayload { workflow { id uuid slug status revision draft { number } published { number } } version { number format } diagnostics { rule } } } }`;

const create = async (name: string) => (await stage.gql(CREATE, { yaml: SIMPLE(name) })).data.createWorkflow.workflow;

describe('assets', () => {
  it('answers with the payload that clients were promised', async () => {
    const template = await stage.gql(
      'mutation($i: CreateTemplateInput!){ createTemplate(input:$i){ __typename ... on CreateTemplatePayload { template { id uuid slug channel name } } } }',
      {
        i: { slug: 'reminder', channel: 'SMS', message: 'Hi {{contact.first_name}}' },
      },
    );
    expect(template.data.createTemplate).toMatchObject({ __typename: 'CreateTemplatePayload', template: { slug: 'reminder', channel: 'SMS', name: 'reminder' } });
    const voicemail = await stage.gql(
      'mutation($i: CreateVoicemailInput!){ createVoicemail(input:$i){ __typename ... on CreateVoicemailPayload { voicemail { slug audioUrl } } } }',
      {
        i: { slug: 'intro', audioUrl: 'https://example.com/intro.mp3' },
      },
    );
    expect(voicemail.data.createVoicemail).toEqual({ __typename: 'CreateVoicemailPayload', voicemail: { slug: 'intro', audioUrl: 'https://example.com/intro.mp3' } });
    const taken = await stage.gql('mutation($i: CreateVoicemailInput!){ createVoicemail(input:$i){ __typename ... on UserError { code } } }', {
      i: { slug: 'intro', audioUrl: 'https://example.com/2.mp3' },
    });
    expect(taken.data.createVoicemail).toEqual({ __typename: 'AlreadyExists', code: 'ALREADY_EXISTS' });
    const bad = await stage.gql('mutation($i: CreateVoicemailInput!){ createVoicemail(input:$i){ __typename ... on UserError { path } } }', {
      i: { slug: 'other', audioUrl: 'not an address' },
    });
    expect(bad.data.createVoicemail).toEqual({ __typename: 'InvalidInput', path: ['audioUrl'] });
    const changed = await stage.gql(
      'mutation($i: UpdateTemplateInput!){ updateTemplate(input:$i){ __typename ... on UserError { message } ... on UpdateTemplatePayload { template { message revision } } } }',
      {
        i: { id: template.data.createTemplate.template.id, message: 'Hello' },
      },
    );
    expect(changed.data.updateTemplate).toEqual({ __typename: 'UpdateTemplatePayload', template: { message: 'Hello', revision: 2 } });
    const voice = (await stage.gql('{ voicemails { nodes { id } } }')).data.voicemails.nodes[0].id;
    const renamed = await stage.gql('mutation($i: UpdateVoicemailInput!){ updateVoicemail(input:$i){ ... on UpdateVoicemailPayload { voicemail { name } } } }', {
      i: { id: voice, name: 'Introduction' },
    });
    expect(renamed.data.updateVoicemail.voicemail.name).toBe('Introduction');
    const lists = await stage.gql('{ templates(channel: SMS) { nodes { slug } } }');
    expect(lists.data.templates.nodes).toEqual([{ slug: 'reminder' }]);
  });
});

describe('a workflow', () => {
  it('goes from draft to archive', async () => {
    const workflow = await create('Life');
    expect(workflow).toMatchObject({ slug: 'life', status: 'DRAFT', draft: { number: 1 }, published: null });
    const act = async (mutation: string, extra = '') => {
      const answer = await stage.gql(
        `mutation($id: ID!) { ${mutation}Workflow(input: { id: $id${extra} }) { __typename ... on UserError { code message } ... on ${mutation[0]!.toUpperCase()}${mutation.slice(1)}WorkflowPayload { workflow { status revision published { number } } } } }`,
        { id: workflow.id },
      );
      return answer.data[`${mutation}Workflow`];
    };
    expect(await act('publish')).toMatchObject({ workflow: { status: 'ACTIVE', published: { number: 1 } } });
    expect(await act('pause')).toMatchObject({ workflow: { status: 'PAUSED' } });
    expect(await act('pause')).toMatchObject({ workflow: { status: 'PAUSED' } });
    expect(await act('resume', ', mode: SHIFT')).toMatchObject({ workflow: { status: 'ACTIVE' } });
    expect(await act('resume', ', expectedRevision: 1')).toMatchObject({ __typename: 'VersionConflict', code: 'VERSION_CONFLICT' });
    const stopped = await stage.gql('mutation($id: ID!) { stopEntry(input: { id: $id, stopped: true }) { ... on StopEntryPayload { workflow { entryStopped } } } }', {
      id: workflow.uuid,
    });
    expect(stopped.data.stopEntry.workflow.entryStopped).toBe(true);
    expect(await act('archive')).toMatchObject({ workflow: { status: 'ARCHIVED' } });
    expect(await act('publish')).toMatchObject({ code: 'INVALID_STATE' });
    const listed = await stage.gql('{ workflows { nodes { slug } } archived: workflows(filter: { status: [ARCHIVED] }) { nodes { slug } } }');
    expect(listed.data.workflows.nodes).not.toContainEqual({ slug: 'life' });
    expect(listed.data.archived.nodes).toContainEqual({ slug: 'life' });
  });

  it('is updated upon the revision that was read, and a stale one is told the current', async () => {
    const { id, revision } = await create('Edits');
    const update = (expectedRevision: number) =>
      stage.gql(
        `mutation($id: ID!, $yaml: String!, $rev: Int!) { updateWorkflow(input: { id: $id, source: { yaml: $yaml }, expectedRevision: $rev }) { __typename
      ... on VersionConflict { current message } ... on UpdateWorkflowPayload { workflow { name revision } } } }`,
        { id, yaml: SIMPLE('Edited'), rev: expectedRevision },
      );
    const first = (await update(revision)).data.updateWorkflow;
    expect(first).toMatchObject({ __typename: 'UpdateWorkflowPayload', workflow: { name: 'Edited' } });
    expect((await update(revision)).data.updateWorkflow).toMatchObject({ __typename: 'VersionConflict', current: first.workflow.revision });
  });

  it('is refused with line, column and hint when its structure is wrong, and nothing is stored', async () => {
    const before = (await stage.gql('{ workflows(first: 100) { nodes { id } } }')).data.workflows.nodes.length;
    const { data } = await stage.gql(CREATE, { yaml: SIMPLE('Broken').replace('type: wait', 'type: wayt') });
    expect(data.createWorkflow).toMatchObject({ __typename: 'ValidationFailed', code: 'VALIDATION_FAILED' });
    expect(data.createWorkflow.diagnostics[0]).toMatchObject({ severity: 'ERROR', blocksSaving: true, line: 10 });
    expect(data.createWorkflow.diagnostics[0].hint).toContain('wait');
    expect((await stage.gql('{ workflows(first: 100) { nodes { id } } }')).data.workflows.nodes).toHaveLength(before);
  });

  it('is imported unmodified from the example, and draws itself', async () => {
    const yaml = readFileSync('examples/new-lead-nurture.workflow.yaml', 'utf8');
    const { data } = await stage.gql(
      `mutation($yaml: String!) { importWorkflow(input: { source: { yaml: $yaml } }) { __typename ... on UserError { message }
      ... on ImportWorkflowPayload { created diagnostics { rule } workflow { slug triggers { type config filters } draft { yaml checksum author diagnostics { rule message }
        steps { __typename key type label config outcomes { name target ends } } trigger { type } canvas { nodes { id type position { x y } data } edges { id source target sourceHandle } viewport } } } } } }`,
      { yaml },
    );
    const { workflow, created } = data.importWorkflow;
    expect(created).toBe(true);
    expect(workflow.draft.yaml).toBe(yaml);
    expect(workflow.triggers[0].type).toBe('contact_created');
    expect(workflow.draft.steps.find((step: { key: string }) => step.key === 'ab_test')).toMatchObject({
      __typename: 'AbSplitStep',
      outcomes: [
        { name: 'A', target: 'call_immediately', ends: false },
        { name: 'B', target: 'wait_then_call', ends: false },
      ],
    });
    expect(workflow.draft.canvas.edges).toContainEqual({ id: 'check_opened:then', source: 'check_opened', target: 'send_followup_sms', sourceHandle: 'then' });

    const canvas = (
      await stage.gql(
        'query($s: String!) { workflow(by: { slug: $s }) { draft { canvas { nodes { id type position { x y } data } edges { id source target sourceHandle } workflow } } } }',
        { s: workflow.slug },
      )
    ).data.workflow.draft.canvas;
    const back = await stage.gql(
      `mutation($c: JSON!) { importWorkflow(input: { source: { canvas: $c } }) { __typename ... on UserError { message } ... on ValidationFailed { diagnostics { message location } }
      ... on ImportWorkflowPayload { workflow { draft { steps { key } } } } } }`,
      { c: canvas },
    );
    expect(back.data.importWorkflow.__typename).toBe('ImportWorkflowPayload');
  });

  it('is found by id, uuid and slug, and as a node', async () => {
    const { id, uuid } = await create('Findable');
    const { data } = await stage.gql(
      `query($id: ID!, $uuid: ID!) { a: workflow(by: { id: $id }) { uuid } b: workflow(by: { uuid: $uuid }) { id } c: workflow(by: { slug: "findable" }) { id }
      node(id: $id) { __typename ... on Workflow { slug } } none: workflow(by: { slug: "nowhere" }) { id } wrong: workflow(by: { id: "x" }) { id } nodes(ids: [$id]) { id } }`,
      { id, uuid },
    );
    expect(data).toEqual({ a: { uuid }, b: { id }, c: { id }, node: { __typename: 'Workflow', slug: 'findable' }, none: null, wrong: null, nodes: [{ id }] });
  });

  it('gives null for an id that names nothing, however it is spelt, and harms no field beside it', async () => {
    const { id } = await create('Beside');
    const made = (text: string): string => Buffer.from(text).toString('base64');
    const ids = ['garbage', '', made('Nope:1'), made('Workflow:1'), made('StepLog:garbage'), made('StepLog:["x"]'), made('Workflow'), id];
    const { data, errors } = await stage.gql('query($id: ID!, $ids: [ID!]!) { good: node(id: $id) { id } bad: node(id: "garbage") { id } nodes(ids: $ids) { id } }', { id, ids });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ good: { id }, bad: null, nodes: [null, null, null, null, null, null, null, { id }] });
  });

  it('says what is to be said about a source without storing it', async () => {
    const { data } = await stage.gql(
      `query($good: String!, $bad: String!) { good: validateWorkflow(source: { yaml: $good }) { valid storable } bad: validateWorkflow(source: { yaml: $bad }) { valid storable diagnostics { rule location pointer line message } } }`,
      {
        good: SIMPLE('Good'),
        bad: SIMPLE('Bad').replace('templates.welcome', 'templates.welcom'),
      },
    );
    expect(data.good).toEqual({ valid: true, storable: true });
    expect(data.bad).toMatchObject({ valid: false, storable: true });
    expect(data.bad.diagnostics[0]).toMatchObject({ line: 8 });
  });

  it('is simulated under a virtual clock', async () => {
    const { data, errors } = await stage.gql(
      `query($yaml: String!) { simulateWorkflow(input: { source: { yaml: $yaml }, contact: { email: "a@example.com" }, start: "2026-01-01T00:00:00Z" }) {
      status path sent { stepKey channel to subject at } log startedAt endedAt waitingFor exitReason } }`,
      { yaml: SIMPLE('Simulated') },
    );
    expect(errors).toBeUndefined();
    expect(data.simulateWorkflow).toMatchObject({ path: ['welcome', 'pause', 'done'], startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-02T00:00:00.000Z' });
    expect(data.simulateWorkflow.sent).toMatchObject([{ stepKey: 'welcome', channel: 'email', to: 'a@example.com', at: '2026-01-01T00:00:00.000Z' }]);
  });
});

describe('lists', () => {
  it('refuse a page over 100 and never clamp it', async () => {
    for (const query of [
      '{ workflows(first: 101) { nodes { id } } }',
      '{ workflows { nodes { enrollments(first: 1000) { nodes { id } } } } }',
      '{ contacts(first: 0) { nodes { id } } }',
      '{ contacts(last: 101) { nodes { id } } }',
    ]) {
      const { errors } = await stage.gql(query);
      expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
      expect(errors?.[0]?.message).toMatch(/a page has at (most 100|least 1)/);
    }
  });

  it('walk every entry once, forwards', async () => {
    for (let n = 0; n < 5; n += 1) await create(`Walk ${n}`);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await stage.gql(
        'query($after: String) { workflows(first: 2, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node { id } } nodes { id } } }',
        { after },
      );
      seen.push(...data.workflows.nodes.map((node: { id: string }) => node.id));
      after = data.workflows.pageInfo.hasNextPage ? data.workflows.pageInfo.endCursor : null;
    } while (after);
    const all = (await stage.gql('{ workflows(first: 100) { nodes { id } } }')).data.workflows.nodes.map((node: { id: string }) => node.id);
    expect(seen).toEqual(all);
  });

  it('cost a bounded number of statements, however many rows they have', async () => {
    for (let n = 0; n < 8; n += 1) await create(`Many ${n}`);
    const query = (first: number) =>
      `{ workflows(first: ${first}) { nodes { slug draft { number steps { key } } published { number } enrollments(first: 5) { nodes { status contact { email } currentStep { key } } } versions(first: 3) { nodes { number } } } } }`;
    stage.statements.reset();
    await stage.gql(query(1));
    const few = stage.statements.texts.length;
    stage.statements.reset();
    const { data } = await stage.gql(query(8));
    expect(data.workflows.nodes).toHaveLength(8);
    expect(stage.statements.texts.length).toBeLessThanOrEqual(few);
  });
});
