import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDescribedStage, describedRest, operationsOf } from '../support/described-stage.ts';
import type { Answer, DoorStage } from '../support/door-stage.ts';
import { addressOf, type Good, type Make } from '../support/good-requests.ts';

interface Operation {
  operationId: string;
  'x-scope'?: string;
  requestBody?: { required: boolean; content: Record<string, unknown> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: { type?: string } }> }>;
}
type Doc = { paths: Record<string, Record<string, Operation>>; components: { responses: Record<string, unknown> } };

let stage: DoorStage;
let good: Record<string, Make>;
beforeAll(async () => void ({ stage, good } = await createDescribedStage()));
afterAll(() => stage.close());

const doc = describedRest<Doc>();
const operations = operationsOf(doc.paths);

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('uuid', /^[0-9a-f-]{36}$/);
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addSchema(doc, 'doc', undefined, false);
const escapePart = (part: string | number): string => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'));
const schemaAt = (...parts: (string | number)[]): ValidateFunction => ajv.compile({ $ref: `doc#/${parts.map(escapePart).join('/')}` });

/** Holds an answer against what the document says of it. */
function check(answer: Answer, { method, path, responses }: Operation & { method: string; path: string }): void {
  const told = responses[answer.status] ?? responses['default'];
  expect(told, `${answer.status} is not in the document`).toBeDefined();
  const type = answer.headers.get('content-type')?.split(';')[0] ?? null;
  if (answer.status >= 400) {
    const validate = schemaAt('components', 'schemas', 'Problem');
    expect([type, answer.json.status, validate(answer.json), validate.errors]).toEqual(['application/problem+json', answer.status, true, null]);
  } else if (answer.text !== '') {
    expect(Object.keys(told!.content ?? {})).toContain(type);
    if (!answer.json) return;
    const validate = schemaAt('paths', path, method.toLowerCase(), 'responses', answer.status, 'content', type!, 'schema');
    expect([validate(answer.json), validate.errors]).toEqual([true, null]);
  }
}

const needsKey = operations.filter(([, one]) => one['x-scope'] !== undefined);

/** The answer of one request; a stream is left as soon as it has begun. */
async function send(method: string, path: string, given: Good = {}): Promise<Answer> {
  if (!path.endsWith('/events') || method !== 'GET') return stage.ask(method, path + (given.search ?? ''), given);
  const leaving = new AbortController();
  const response = await fetch(stage.base + path, { headers: { authorization: `Bearer ${stage.admin}` }, signal: leaving.signal });
  const answer = { status: response.status, headers: response.headers, text: 'stream', json: null };
  if (response.status >= 400) return { ...answer, json: await response.json() };
  leaving.abort();
  return answer;
}

it('is an OpenAPI 3.1 document in the eyes of a public validator', async () => {
  const validator = new Validator();
  expect([await validator.validate(JSON.parse(JSON.stringify(doc))), validator.version]).toEqual([{ valid: true }, '3.1']);
});

describe('the description of REST', () => {
  it('is served, and is the committed one but for its address', async () => {
    const served = await stage.ask('GET', '/api/openapi.json', { key: null });
    expect({ ...served.json, servers: [{ url: '/' }] }).toEqual(doc);
    expect(JSON.parse(readFileSync('schemas/openapi.json', 'utf8'))).toEqual(doc);
  });

  it('has a page that needs nothing from elsewhere and lists every operation', async () => {
    const page = await stage.ask('GET', '/api/docs', { key: null, headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/);
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const [, { operationId }] of operations) expect(page.text).toContain(`id="${operationId}"`);
    const ids = [...page.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    for (const [, id] of page.text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('has a good request for every operation, below', () => {
    expect(Object.keys(good).sort()).toEqual(operations.map(([, { operationId }]) => operationId).sort());
  });

  it('has examples that its own schemas take', () => {
    for (const [, { path, method, requestBody, responses }] of operations) {
      const bodies = Object.entries((requestBody?.content ?? {}) as Record<string, { example?: unknown }>).map(
        ([type, { example }]) => [['requestBody', 'content', type], example] as const,
      );
      const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, media]) => [['responses', status, 'content', type], (media as { example?: unknown }).example] as const),
      );
      for (const [where, example] of [...bodies, ...answers]) {
        if (example === undefined) continue;
        const validate = schemaAt('paths', path, method.toLowerCase(), ...where, 'schema');
        expect([method, path, validate(example), validate.errors]).toEqual([method, path, true, null]);
      }
    }
  });

  it.each(operations)('%s goes well as it says', async (_name, operation) => {
    const given = await good[operation.operationId]!();
    const answer = await send(operation.method, addressOf(operation.path, given.at ?? {}), given);
    expect([answer.status, answer.status < 300 ? null : answer.json]).toEqual([expect.toSatisfy((status: number) => status < 300), null]);
    check(answer, operation);
  });

  it.each(needsKey)('%s refuses a caller without a key, and a key without the scope', async (_name, operation) => {
    const body = operation.requestBody ? {} : undefined;
    const path = addressOf(operation.path, {});
    const nobody = await stage.ask(operation.method, path, { body, key: null });
    expect([nobody.status, nobody.json.code]).toEqual([401, 'UNAUTHENTICATED']);
    check(nobody, operation);
    if (operation['x-scope'] === 'read') return;
    const lesser = await stage.ask(operation.method, path, { body, key: await stage.keyOf(stage.here, operation['x-scope'] === 'enroll' ? 'write' : 'enroll') });
    expect([lesser.status, lesser.json.code]).toEqual([403, 'FORBIDDEN']);
    check(lesser, operation);
  });

  it.each(operations.filter(([, { path }]) => path.includes('{')))("%s does not know another location's id", async (_name, operation) => {
    if (operation.operationId === 'putSecret') return; // a name is everybody's own
    const given = await good[operation.operationId]!();
    const answer = await stage.ask(operation.method, addressOf(operation.path, given.at ?? {}) + (given.search ?? ''), { ...given, key: stage.foreign });
    expect([answer.status, answer.json?.code]).toEqual([404, 'NOT_FOUND']);
    check(answer, operation);
  });

  it.each(operations.filter(([, one]) => one.requestBody))('%s refuses an unknown key of the body, with the place', async (_name, operation) => {
    const given = await good[operation.operationId]!();
    const isDefinition = 'application/yaml' in operation.requestBody!.content;
    const body = isDefinition ? { name: 'x', trigger: { type: 'manual' }, steps: [], nonsense: 1 } : { ...(given.body as object), nonsense: 1 };
    const answer = await stage.ask(operation.method, addressOf(operation.path, given.at ?? {}), { ...given, body, headers: { ...given.headers } });
    if (operation.operationId === 'validateWorkflow') {
      expect([answer.status, answer.json.diagnostics]).toEqual([200, expect.arrayContaining([expect.objectContaining({ pointer: '/nonsense', rule: 'unknown_key' })])]);
      return;
    }
    expect([answer.status, answer.json.errors.map((one: { pointer: string }) => one.pointer)]).toEqual([422, expect.arrayContaining(['/nonsense'])]);
    check(answer, operation);
  });
});
