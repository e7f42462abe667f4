import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
beforeAll(async () => {
  stage = await createDoorStage();
});
afterAll(() => stage.close());

const definition = (steps: string, trigger = 'trigger: { type: manual }'): string => `name: Bad\n${trigger}\nsteps:\n${steps}\n`;
const step = (id: string, type: string, config: string): string => `  - id: ${id}\n    type: ${type}\n    config: ${config}`;

const cases: [what: string, yaml: string, path: RegExp, line: number][] = [
  ['an unknown step type', definition(step('a', 'send_emial', '{ template_id: x }')), /^steps\[0\]\.type$/, 5],
  ['a duplicate id', definition(`${step('a', 'add_tag', '{ tag: x }')}\n${step('a', 'add_tag', '{ tag: y }')}`), /^steps\[1\]\.id$/, 7],
  ['a missing trigger', `name: Bad\nsteps:\n${step('a', 'add_tag', '{ tag: x }')}\n`, /./, 1],
  ['an unquoted variable', definition(step('a', 'add_tag', '\n      tag: {{contact.email}}')), /^steps\[0\]\.config/, 7],
  ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n${definition(step('a', 'add_tag', '{ tag: x }'))}`, /./, 1],
  ['tabs', 'name: Bad\ntrigger:\n\ttype: manual\nsteps: []\n', /./, 3],
  ['__proto__ as a key', definition(step('a', 'add_tag', '{ tag: x, __proto__: { y: 1 } }')), /__proto__$/, 6],
  ['an unknown operator', definition(step('a', 'condition', '{ if: [{ field: tags, operator: contians, value: x }], then: end }')), /operator$/, 6],
  ['a bad duration', definition(step('a', 'wait', '{ duration: 3 fortnights }')), /duration$/, 6],
  ['weights of zero', definition(step('a', 'ab_split', '{ variants: [{ name: A, weight: 0, next: end }, { name: B, weight: 0, next: end }] }')), /variants/, 6],
];

describe('a bad definition', () => {
  it.each(cases)('%s is refused with rule, path, line, column and hint, by every route that takes one', async (_what, yaml, path, line) => {
    for (const target of ['/api/workflows', '/api/workflows/import', '/api/workflows/import?dryRun=true']) {
      const answer = await stage.ask('POST', target, { body: yaml });
      expect(answer.status).toBe(422);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.json).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
      const finding = answer.json.errors.find((one: { path: string; line: number }) => path.test(one.path) || path.source === '.');
      expect(finding).toMatchObject({ rule: expect.stringMatching(/^\w+$/), detail: expect.any(String), hint: expect.any(String), column: expect.any(Number) });
      expect(finding.line).toBe(line);
    }
    expect((await stage.ask('GET', '/api/workflows')).json.data).toEqual([]);
  });

  it('over 1 MiB is too large, with an entry that says so', async () => {
    const answer = await stage.ask('POST', '/api/workflows', { body: `${definition(step('a', 'add_tag', '{ tag: x }'))}# ${'x'.repeat(1024 * 1024)}` });
    expect(answer.status).toBe(413);
    expect(answer.json).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', errors: [{ pointer: '', rule: 'too_large', line: 1, column: 1, hint: expect.any(String) }] });
    expect((await stage.ask('GET', '/api/workflows')).json.data).toEqual([]);
  });

  it.each([
    ['JSON that is cut off', '{"name": "x",', 'syntax'],
    ['JSON nested too deep', `${'['.repeat(150)}${']'.repeat(150)}`, 'too_deep'],
    ['JSON with __proto__', '{"name":"x","trigger":{"type":"manual"},"steps":[{"id":"a","type":"add_tag","config":{"tag":"x","__proto__":{}}}]}', 'forbidden_key'],
  ])('%s is refused with its rule', async (_what, body, rule) => {
    const answer = await stage.ask('POST', '/api/workflows', { body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(422);
    expect(answer.json.errors.map((one: { rule: string }) => one.rule)).toContain(rule);
  });

  it('that is refused for its type or its revision has an entry for the whole document, too', async () => {
    const good = definition(step('a', 'add_tag', '{ tag: x }'));
    const { json } = await stage.ask('POST', '/api/workflows', { body: good });
    await stage.ask('POST', `/api/workflows/${json.id}/publish`);
    const put = (headers: Record<string, string>) => stage.ask('PUT', `/api/workflows/${json.id}`, { body: good, headers });
    for (const [status, headers] of [[428, {}], [412, { 'if-match': '"r1"' }], [415, { 'content-type': 'text/plain' }]] as const) {
      const answer = await put(headers);
      expect([answer.status, answer.json.errors]).toEqual([status, [expect.objectContaining({ pointer: '', detail: answer.json.detail })]]);
    }
    await stage.ask('DELETE', `/api/workflows/${json.id}`);
  });

  it('with a reference error is kept as a draft, and refuses publishing', async () => {
    const made = await stage.ask('POST', '/api/workflows', { body: definition(`${step('a', 'add_tag', '{ tag: x }')}\n    next: nowhere`) });
    expect(made.status).toBe(201);
    const refused = await stage.ask('POST', `/api/workflows/${made.json.id}/publish`, { body: {} });
    expect(refused.status).toBe(422);
    expect(refused.json.errors[0]).toMatchObject({ pointer: '/steps/0/next', rule: expect.any(String), line: 7 });
  });
});
