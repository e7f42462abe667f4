import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

const UPSERT = `mutation($i: UpsertContactInput!) { upsertContact(input: $i) { __typename ... on UserError { code message path } ... on InvalidInput { faults { path message } }
  ... on AlreadyExists { existingContact { email } } ... on UpsertContactPayload { created contact { id uuid email firstName phone tags customFields revision consent { channel state } } } } }`;
const upsert = async (input: object) => (await stage.gql(UPSERT, { i: input })).data.upsertContact;

const FLOW = 'name: Flow\ntrigger: { type: manual }\nsteps:\n  - { id: rest, type: wait, config: { duration: 30d } }\n';
async function activeWorkflow(): Promise<string> {
  const created = await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { id } } } }', { y: FLOW });
  const { id } = created.data.createWorkflow.workflow;
  await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { __typename } }', { id });
  return id;
}

describe('a contact', () => {
  it('is created by its e-mail address, and the same one updates it', async () => {
    const first = await upsert({ email: 'ana@example.com', firstName: 'Ana', tags: ['new'], customFields: { plan: 'pro' }, phone: '+15551230001' });
    expect(first).toMatchObject({ created: true, contact: { email: 'ana@example.com', firstName: 'Ana', tags: ['new'], customFields: { plan: 'pro' } } });
    const second = await upsert({ email: 'ANA@example.com', firstName: 'Anna' });
    expect(second).toMatchObject({ created: false, contact: { id: first.contact.id, firstName: 'Anna', tags: ['new'] } });
    const third = await upsert({ id: first.contact.uuid, firstName: null, consent: [{ channel: 'SMS', state: 'WITHDRAWN' }] });
    expect(third.contact).toMatchObject({ firstName: null });
    expect(third.contact.consent).toContainEqual({ channel: 'SMS', state: 'WITHDRAWN' });
    expect(third.contact.consent).toContainEqual({ channel: 'EMAIL', state: 'GIVEN' });
  });

  it('is refused with the way to the fault', async () => {
    expect(await upsert({ email: 'b@example.com', phone: '12' })).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', faults: [{ message: expect.any(String) }] });
    const { contact } = await upsert({ email: 'c@example.com' });
    expect(await upsert({ id: contact.id, email: 'ana@example.com' })).toMatchObject({ __typename: 'AlreadyExists', existingContact: { email: 'ANA@example.com' } });
    expect(await upsert({ id: '00000000-0000-4000-8000-000000000000', firstName: 'x' })).toMatchObject({ __typename: 'NotFound' });
  });

  it('is refused in the words of the schema: the way to a fault is the way in the input', async () => {
    const refused = await upsert({ email: 'w@example.com', firstName: 'x'.repeat(300), customFields: 'none', tags: [''] });
    expect(refused.faults.map(({ path }: { path: string[] }) => path)).toEqual([['firstName'], ['tags', '0'], ['customFields']]);
    expect(refused.message).toContain('firstName: expected at most 255 characters');
    const { contact: { id } } = await upsert({ email: 'w@example.com' });
    const { data } = await stage.gql(`mutation($id: ID!) {
      addTags(input: { contactId: $id, tags: ["a", ""] }) { ... on UserError { path } }
      enrollContacts(input: { workflowId: "00000000-0000-4000-8000-000000000000", contactIds: [] }) { ... on UserError { message path } }
      exitEnrollment(input: { id: "00000000-0000-4000-8000-000000000000", reason: "${'x'.repeat(501)}" }) { ... on UserError { path } }
      testWorkflow(input: { source: { yaml: ${JSON.stringify(FLOW)} }, contact: { emial: "x" } }) { ... on UserError { message path } }
    }`, { id });
    expect(data).toEqual({
      addTags: { path: ['tags', '1'] },
      enrollContacts: { path: ['contactIds'], message: expect.stringContaining('contactIds: expected 1 to') },
      exitEnrollment: { path: ['reason'] },
      testWorkflow: { path: ['contact', 'emial'], message: expect.stringContaining('Did you mean "email"?') },
    });
  });

  it('gets and loses tags, consent and itself', async () => {
    const { contact: { id } } = await upsert({ email: 'tags@example.com', tags: ['a'] });
    const { data } = await stage.gql(
      `mutation($id: ID!) {
      addTags(input: { contactId: $id, tags: ["a", "b"] }) { ... on AddTagsPayload { added contact { tags } } }
      removeTags(input: { contactId: $id, tags: ["a", "z"] }) { ... on RemoveTagsPayload { removed contact { tags } } }
      setConsent(input: { contactId: $id, channel: EMAIL, state: WITHDRAWN }) { ... on SetConsentPayload { contact { consent { channel state } } } }
      emitEvent(input: { contactId: $id, name: "viewed_pricing", data: { page: 2 }, eventId: "e-1" }) { ... on UserError { message } ... on EmitEventPayload { created event { id type data contact { id } } } }
      again: emitEvent(input: { contactId: $id, name: "viewed_pricing", eventId: "e-1" }) { ... on EmitEventPayload { created } }
    }`,
      { id },
    );
    expect(data.addTags.added).toEqual(['b']);
    expect(data.removeTags).toEqual({ removed: ['a'], contact: { tags: ['b'] } });
    expect(data.setConsent.contact.consent[0]).toEqual({ channel: 'EMAIL', state: 'WITHDRAWN' });
    expect(data.emitEvent).toEqual({ created: true, event: { id: expect.any(String), type: 'viewed_pricing', data: { page: 2 }, contact: { id } } });
    expect(data.again).toEqual({ created: false });
    const history = await stage.gql('query($id: ID!) { contact(id: $id) { events { nodes { type source occurredAt } } } }', { id });
    expect(history.data.contact.events.nodes.map((event: { type: string }) => event.type)).toContain('tag_added');
    const gone = await stage.gql('mutation($id: ID!) { deleteContact(input: { id: $id }) { __typename ... on DeleteContactPayload { deletedId } } }', { id });
    expect(gone.data.deleteContact).toEqual({ __typename: 'DeleteContactPayload', deletedId: id });
    const event = data.emitEvent.event.id as string;
    const { contact: { id: other } } = await upsert({ email: 'stays@example.com' });
    const found = await stage.gql(
      `query($id: ID!, $event: ID!, $ids: [ID!]!) {
        contact(id: $id) { id } contacts(search: "tags@") { nodes { id } } node(id: $id) { id } nodes(ids: $ids) { id }
        past: node(id: $event) { ... on Event { contact { id deletedAt } } }
      }`,
      { id, event, ids: [id, event, other] },
    );
    expect(found).toEqual({
      data: { contact: null, contacts: { nodes: [] }, node: null, nodes: [null, { id: event }, { id: other }], past: { contact: { id, deletedAt: expect.any(String) } } },
    });
  });

  it('is found by search and tag', async () => {
    await upsert({ email: 'zoe@example.com', lastName: 'Zimmermann', tags: ['vip'] });
    const { data } = await stage.gql(
      '{ a: contacts(search: "zimmer") { nodes { email } } b: contacts(tag: "vip") { nodes { email } } c: contacts(search: "zimmer", tag: "nope") { nodes { email } } }',
    );
    expect(data).toEqual({ a: { nodes: [{ email: 'zoe@example.com' }] }, b: { nodes: [{ email: 'zoe@example.com' }] }, c: { nodes: [] } });
  });

  it.each(['contacts(search: "a\\u0000") { nodes { id } }', 'contacts(tag: "\\u0000") { nodes { id } }', 'workflow(by: { slug: "\\u0000" }) { id }'])(
    'is not looked for by text that cannot be: %s',
    async (field) => {
      const { errors } = await stage.gql(`{ ${field} }`);
      expect(errors?.[0]?.extensions).toEqual({ code: 'INVALID_INPUT' });
    },
  );
});

describe('an enrollment', () => {
  const ENROLL = `mutation($w: ID!, $c: ID!) { enrollContact(input: { workflowId: $w, contactId: $c, initialData: { from: "test" } }) { __typename ... on UserError { code } ... on AlreadyEnrolled { enrollment { uuid } }
    ... on EnrollContactPayload { enrollment { id uuid status path data lastCursor version { number } contact { email } workflow { id } stepLogs { nodes { stepKey } } } } } }`;

  it('is made once, told of when it exists, and ended by hand', async () => {
    const workflow = await activeWorkflow();
    const { contact } = await upsert({ email: 'in@example.com' });
    const first = (await stage.gql(ENROLL, { w: workflow, c: contact.id })).data.enrollContact;
    expect(first).toMatchObject({
      __typename: 'EnrollContactPayload',
      enrollment: { status: 'ACTIVE', path: [], data: { enrollment: { from: 'test' } }, version: { number: 1 }, contact: { email: 'in@example.com' } },
    });
    const second = (await stage.gql(ENROLL, { w: workflow, c: contact.uuid })).data.enrollContact;
    expect(second).toEqual({ __typename: 'AlreadyEnrolled', code: 'ALREADY_ENROLLED', enrollment: { uuid: first.enrollment.uuid } });
    const exit = 'mutation($id: ID!) { exitEnrollment(input: { id: $id, reason: "changed my mind" }) { ... on ExitEnrollmentPayload { enrollment { status exitReason } } } }';
    const ended = { enrollment: { status: 'EXITED', exitReason: 'changed my mind' } };
    expect((await stage.gql(exit, { id: first.enrollment.id })).data.exitEnrollment).toEqual(ended);
    expect((await stage.gql(exit, { id: first.enrollment.id })).data.exitEnrollment).toEqual(ended);
    const lists = await stage.gql(
      'query($w: ID!, $e: ID!) { enrollment(id: $e) { status } enrollments(filter: { workflowId: $w, status: [EXITED, FAILED] }) { nodes { uuid } } none: enrollments(filter: { workflowId: $w, status: [ACTIVE] }) { nodes { uuid } } workflow(by: { id: $w }) { stats { enrolled active exited nodes { stepKey } edges { from } asOf } } }',
      { w: workflow, e: first.enrollment.uuid },
    );
    expect(lists.data).toMatchObject({
      enrollment: { status: 'EXITED' },
      enrollments: { nodes: [{ uuid: first.enrollment.uuid }] },
      none: { nodes: [] },
      workflow: { stats: { enrolled: 1, active: 0, exited: 1 } },
    });
  });

  it('is refused by a draft, and made by the many', async () => {
    const draft = (
      await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { id } } } }', { y: FLOW })
    ).data.createWorkflow.workflow.id;
    const { contact } = await upsert({ email: 'many1@example.com' });
    expect((await stage.gql(ENROLL, { w: draft, c: contact.id })).data.enrollContact).toMatchObject({ __typename: 'WorkflowNotActive' });
    const workflow = await activeWorkflow();
    const other = (await upsert({ email: 'many2@example.com' })).contact;
    await stage.gql(ENROLL, { w: workflow, c: contact.id });
    const { data } = await stage.gql(
      'mutation($w: ID!, $c: [ID!]!) { enrollContacts(input: { workflowId: $w, contactIds: $c }) { ... on EnrollContactsPayload { created results { contactUuid enrollmentUuid created } workflow { id } } } }',
      { w: workflow, c: [contact.id, other.id] },
    );
    expect(data.enrollContacts).toMatchObject({ created: 1, results: [{ contactUuid: contact.uuid, created: false }, { contactUuid: other.uuid, created: true }] });
  });
});

describe('the location', () => {
  it('is read and changed', async () => {
    const { data } =
      await stage.gql(`mutation { updateLocation(input: { timezone: "Europe/Madrid", hours: [{ day: MONDAY, opens: "09:00", closes: "13:00" }, { day: MONDAY, opens: "15:00", closes: "18:00" }], holidays: ["2026-12-25"] }) {
      ... on UserError { message } ... on UpdateLocationPayload { location { name timezone hours { day opens closes } holidays } } } }`);
    expect(data.updateLocation.location).toEqual({
      name: 'Here',
      timezone: 'Europe/Madrid',
      holidays: ['2026-12-25'],
      hours: [
        { day: 'MONDAY', opens: '09:00', closes: '13:00' },
        { day: 'MONDAY', opens: '15:00', closes: '18:00' },
      ],
    });
    const kept = await stage.gql('mutation { updateLocation(input: { name: "There" }) { ... on UpdateLocationPayload { location { name holidays } } } }');
    expect(kept.data.updateLocation.location).toEqual({ name: 'There', holidays: ['2026-12-25'] });
    const bad = await stage.gql('mutation { updateLocation(input: { timezone: "Mars/Olympus" }) { __typename } }');
    expect(bad.data.updateLocation.__typename).toBe('InvalidInput');
    const late = await stage.gql(`mutation { updateLocation(input: { holidays: ["2026-12-25", "soon"], hours: [
      { day: MONDAY, opens: "09:00", closes: "13:00" }, { day: FRIDAY, opens: "09:00", closes: "13:00" }, { day: MONDAY, opens: "15:00", closes: "six" }
    ] }) { ... on InvalidInput { faults { path } } } }`);
    expect(late.data.updateLocation.faults.map(({ path }: { path: string[] }) => path)).toEqual(expect.arrayContaining([['hours', '2', 'closes'], ['holidays', '1']]));
  });
});

describe('the catalogue', () => {
  it('has every step, trigger, operator and filter, with schemas', async () => {
    const { data } = await stage.gql(
      '{ stepTypes { type aliases group summary icon configSchema arms results } triggerTypes { type summary icon configSchema events } operators { name aliases summary } filters { name summary } system { clockSpeed journeyNow queues { name } } }',
    );
    const wait = data.stepTypes.find((step: { type: string }) => step.type === 'wait');
    expect(wait).toMatchObject({ group: 'CONTROL', configSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } });
    expect(data.triggerTypes.map((trigger: { type: string }) => trigger.type)).toContain('tag_added');
    expect(data.operators.map((operator: { name: string }) => operator.name)).toContain('contains');
    expect(data.filters.length).toBeGreaterThan(5);
    expect(data.system).toMatchObject({ clockSpeed: 1, queues: [] });
  });
});
