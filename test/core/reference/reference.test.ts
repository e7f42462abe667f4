import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { operatorDefinitions } from '../../../src/core/conditions/operators/index.ts';
import { lintRules } from '../../../src/core/definition/lint/index.ts';
import { referenceFiles } from '../../../src/core/reference/pages.ts';
import { filterDefinitions } from '../../../src/core/templates/filters/index.ts';
import { configSchema, definitionSchema } from '../../../src/core/reference/json-schema.ts';
import { stepDefinitions, stepTypes } from '../../../src/core/steps/index.ts';
import { triggerDefinitions } from '../../../src/core/triggers/index.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
const validate = ajv.compile(definitionSchema());
const accepts = (value: unknown): boolean => validate(value);
/** What it has against a value. */
const complaints = (value: unknown): unknown => (accepts(value) ? [] : validate.errors);
const withStep = (step: object) => ({ name: 'N', trigger: { type: 'manual' }, steps: [step] });
const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

it('is what was committed; run `npm run generate` and commit when this fails', () => {
  expect(JSON.parse(readFileSync('schemas/workflow.schema.json', 'utf8'))).toEqual(definitionSchema());
});

describe('the reference', () => {
  const pages = Object.entries(referenceFiles()).filter(([path]) => path.endsWith('.md'));

  test.each(pages)('%s is what was committed; run `npm run generate` and commit when this fails', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each(pages)('%s says what everything is', (_path, text) => {
    expect(text).not.toMatch(/undefined|\[object/);
  });

  it('names every step, trigger, operator, filter and rule', () => {
    const all = pages.map(([, text]) => text).join('\n');
    const words = [...stepDefinitions, ...triggerDefinitions]
      .map(({ type }) => `# ${type}\n`)
      .concat(
        operatorDefinitions.map(({ name }) => `\`${name}\``),
        filterDefinitions.map(({ name }) => `\`${name}\``),
        lintRules.map(({ id }) => `## ${id}\n`),
      );
    expect(words.filter((word) => !all.includes(word))).toEqual([]);
  });
});

describe('the JSON Schema accepts', () => {
  test.each([...examples.map((name) => `examples/${name}`), 'test/workflows/example.workflow.yaml'])('%s', (path) => {
    expect(complaints(parse(readFileSync(path, 'utf8')))).toEqual([]);
  });

  test.each([
    [
      'an inline arm',
      withStep({ id: 'c', type: 'condition', config: { if: { field: 'tags', operator: 'contains', value: 'x' }, then: [{ id: 'a', type: 'add_tag', config: { tag: 'x' } }] } }),
    ],
    ['an alias', withStep({ id: 'c', type: 'http_request', config: { url: 'https://x.test' } })],
    ['several triggers', { name: 'N', triggers: [{ type: 'tag_added', tag: 'x' }, { type: 'manual' }], steps: [{ id: 'a', type: 'exit' }] }],
    ['a config beside the type, or under config', { name: 'N', trigger: { type: 'tag_added', config: { tag: 'x' } }, steps: [{ id: 'a', type: 'exit' }] }],
    [
      'groups of conditions',
      withStep({ id: 'c', type: 'condition', config: { if: [{ any: [{ field: 'a', operator: 'eq', value: 1 }, { not: { expression: 'score > 1' } }] }], then: 'end' } }),
    ],
  ])('%s', (_name, value) => {
    expect(complaints(value)).toEqual([]);
  });
});

describe('the JSON Schema rejects', () => {
  test.each([
    ['no trigger', { name: 'N', steps: [{ id: 'a', type: 'exit' }] }],
    ['both trigger keys', { name: 'N', trigger: { type: 'manual' }, triggers: [{ type: 'manual' }], steps: [{ id: 'a', type: 'exit' }] }],
    ['an unknown key at the top', { ...withStep({ id: 'a', type: 'exit' }), stpes: [] }],
    ['an unknown step type', withStep({ id: 'a', type: 'send_fax' })],
    ['an unknown key of a step', withStep({ id: 'a', type: 'exit', nxt: 'end' })],
    ['an unknown key of a config', withStep({ id: 'a', type: 'send_sms', config: { messsage: 'Hi' } })],
    ['a missing config', withStep({ id: 'a', type: 'condition' })],
    ['a duration without a unit', withStep({ id: 'a', type: 'send_sms', config: { message: 'Hi', delay: '10' } })],
    ['a bare number as a duration', withStep({ id: 'a', type: 'send_sms', config: { message: 'Hi', delay: 10 } })],
    ['an unknown operator', withStep({ id: 'a', type: 'exit', if: { field: 'tags', operator: 'has', value: 'x' } })],
    ['an empty list of conditions', withStep({ id: 'a', type: 'exit', if: [] })],
    ['a weight that is no number', withStep({ id: 'a', type: 'ab_split', config: { variants: [{ name: 'A', weight: '50%' }] } })],
    ['a step id with a space', withStep({ id: 'a b', type: 'exit' })],
    ['an unknown trigger', { ...withStep({ id: 'a', type: 'exit' }), trigger: { type: 'contact_made' } }],
    ['an unknown key of a trigger', { ...withStep({ id: 'a', type: 'exit' }), trigger: { type: 'tag_added', tagg: 'x' } }],
    ['a scenario that expects nothing known', { ...withStep({ id: 'a', type: 'exit' }), tests: [{ name: 't', expect: { statis: 'completed' } }] }],
  ])('%s', (_name, value) => {
    expect(accepts(value)).toBe(false);
  });
});

describe('what it knows comes from the registries', () => {
  const definitions = definitionSchema()['definitions'] as Record<string, { properties: Record<string, { anyOf: { const: string; description: string }[] }> }>;

  it('every step type with its sentence', () => {
    expect(definitions['step']!.properties['type']!.anyOf.map((one) => one.const).toSorted()).toEqual(stepTypes.toSorted());
  });

  it('every trigger type with its sentence', () => {
    expect(definitions['trigger']!.properties['type']!.anyOf).toEqual(triggerDefinitions.map(({ type, summary }) => ({ const: type, description: summary })));
  });

  it('every operator', () => {
    expect(JSON.stringify(definitions['condition'])).toContain(JSON.stringify(operatorDefinitions.flatMap(({ name, aliases }) => [name, ...aliases])));
  });

  test.each([...stepDefinitions, ...triggerDefinitions].map((one) => [one.type, one] as const))('the config of %s stands by itself', (_type, { config }) => {
    expect(() => new Ajv({ strict: false }).compile(configSchema(config))).not.toThrow();
  });
});
