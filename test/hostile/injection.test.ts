import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

/** Text that is something else to somebody: to SQL, a template, HTML, a header, a path, a shell. Here it is text: kept as it came, found as it stands, and never obeyed. */
const WORDS = [
  "'; DROP TABLE contacts; --",
  '" OR "1"="1',
  '$1 $$ \\',
  "\\'; SELECT pg_sleep(9); --",
  '{{secrets.crm_key}}',
  '{{contact.email}}',
  '${7*7} #{7*7} <%= 7*7 %>',
  '{"$ne": null}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'a\r\nSet-Cookie: x=1\r\n\r\nhi',
  '../../etc/passwd',
  '$(id) `id` | id; id &',
  '%s %n %00',
  "=cmd|' /C calc'!A0",
  '\u202Egnp.exe',
  'ﷺ 🧨',
  '100%',
  'under_score',
  'back\\slash',
];
const SECRET = 'the hidden value of the shed';

let stage: DoorStage;
let workflow: string;
beforeAll(async () => {
  stage = await createDoorStage();
  await stage.ask('PUT', '/api/secrets/crm_key', { body: { value: SECRET } });
  const definition = { name: 'Hi', trigger: { type: 'manual' }, steps: [
    { id: 'text', type: 'send_sms', config: { message: 'Hi {{contact.first_name}}' } },
    { id: 'mail', type: 'send_email', config: { subject: 'Hello', html: '<p title="{{contact.first_name}}">{{contact.first_name}}</p>' } },
  ] };
  workflow = (await stage.ask('POST', '/api/workflows', { body: definition })).json.id;
  await stage.ask('POST', `/api/workflows/${workflow}/publish`);
});
afterAll(() => stage.close());

const graphql = async (query: string, variables: object) => (await stage.ask('POST', '/graphql', { body: { query, variables } })).json;
/** Contacts of the location besides those that a search should find. */
const found = async (name: string, value: string) => (await stage.ask('GET', `/api/contacts?${name}=${encodeURIComponent(value)}`)).json.data.map(({ id }: { id: string }) => id);

describe.each(WORDS.map((word, index) => [word, index] as const))('%j', (word, index) => {
  it('as what is known of a contact is kept, shown and found as it stands', async () => {
    const fields = { first_name: word, tags: [word], custom_fields: { note: word, deep: [{ [`k ${index}`]: word }] } };
    const made = await stage.ask('POST', '/api/contacts', { body: { ...fields, email: `w${index}@example.com` } });
    expect([made.status, made.json]).toEqual([201, expect.objectContaining(fields)]);
    const { id } = made.json;
    expect((await stage.ask('GET', `/api/contacts/${id}`)).json).toMatchObject(fields);
    expect((await graphql('query($id: ID!) { contact(id: $id) { firstName tags customFields } }', { id })).data.contact).toEqual({
      firstName: word,
      tags: [word],
      customFields: fields.custom_fields,
    });
    expect(await found('q', word)).toEqual([id]);
    expect(await found('tag', word)).toEqual([id]);
    expect(await found('email', word)).toEqual([]);
    const search = await graphql(
      'query($q: String!) { contacts(search: $q) { nodes { uuid } } tagged: contacts(tag: $q) { nodes { uuid } } workflows(filter: { search: $q }) { nodes { id } } }',
      { q: word },
    );
    expect(search.data).toEqual({ contacts: { nodes: [{ uuid: id }] }, tagged: { nodes: [{ uuid: id }] }, workflows: { nodes: [] } });
  });

  it('in a message is text, and in HTML cannot become markup', async () => {
    const contact = { first_name: word, email: 'ana@example.com', phone: '+15551230001' };
    const { json } = await stage.ask('POST', `/api/workflows/${workflow}/test`, { body: { contact } });
    expect(json.sent[0].message).toBe(`Hi ${word}`);
    expect(JSON.stringify(json)).not.toContain(SECRET);
  });

  it('in ids, slugs, names of steps and cursors names nothing', async () => {
    const path = encodeURIComponent(word);
    for (const url of [`/api/contacts/${path}`, `/api/workflows/${path}`, `/api/enrollments/${path}/logs`, `/api/secrets/${path}`]) {
      const { status } = await stage.ask(url.startsWith('/api/secrets') ? 'DELETE' : 'GET', url);
      expect([url, status]).toEqual([url, 404]);
    }
    expect((await stage.ask('GET', `/api/contacts?cursor=${path}`)).status).toBe(422);
    expect(
      await graphql(
        'query($s: String!, $i: ID!) { workflow(by: { slug: $s }) { id } contact(id: $i) { id } node(id: $i) { id } enrollments(filter: { currentStep: $s }) { nodes { id } } }',
        { s: word, i: word },
      ),
    ).toEqual({ data: { workflow: null, contact: null, node: null, enrollments: { nodes: [] } } });
  });

  it('as a name of a workflow breaks no header, file name or page', async () => {
    const made = await stage.ask('POST', '/api/workflows', { body: { name: word, trigger: { type: 'manual' }, steps: [{ id: 'a', type: 'exit' }] } });
    if (made.status === 422) return; // control characters in names are refused
    expect([made.status, made.json.name]).toEqual([201, word]);
    expect(made.json.slug).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    const exported = await stage.ask('GET', `/api/workflows/${made.json.id}/export?format=json`);
    expect(exported.headers.get('content-disposition')).toBe(`inline; filename="${made.json.slug}.workflow.json"`);
    expect([exported.headers.get('set-cookie'), exported.json.name]).toEqual([null, word]);
  });
});

describe('what was tried', () => {
  it('has dropped nothing, and spilt no secret', async () => {
    expect((await stage.ask('GET', '/api/contacts?limit=100')).json.data).toHaveLength(WORDS.length);
    expect((await stage.ask('GET', '/api/secrets')).json.data).toEqual([expect.objectContaining({ name: 'crm_key' })]);
    expect(JSON.stringify((await stage.ask('GET', '/api/audit?limit=100')).json)).not.toContain(SECRET);
  });
});
