import { readFileSync } from 'node:fs';
import {
  getNamedType, getNullableType, isEnumType, isInputObjectType, isInterfaceType, isListType, isObjectType, isSpecifiedScalarType, isUnionType, lexicographicSortSchema,
  printSchema, validateSchema, type GraphQLObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/api/schema.ts';
import { stepTypeName } from '../src/api/step.ts';
import { stepDefinitions } from '../src/core/steps/index.ts';

const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));
const mutations = Object.values(schema.getMutationType()!.getFields());
const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

describe('the schema', () => {
  it('is what was committed; run `npm run generate` and commit when this fails', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
  });

  it('is a valid one', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it.each(mutations.map((field) => [field.name, field] as const))('%s takes one input and answers a union of its payload and user errors', (name, field) => {
    expect(field.args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${pascal(name)}Input!`]);
    const result = getNamedType(field.type);
    expect(String(field.type)).toBe(`${pascal(name)}Result!`);
    if (!isUnionType(result)) throw new Error(`${name} answers no union`);
    const [errors, payloads] = partition(result.getTypes().slice(), (type) => type.getInterfaces().some((parent) => parent.name === 'UserError'));
    expect(payloads.map((type) => type.name)).toEqual([`${pascal(name)}Payload`]);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('lets a client ask every member of a union for everything at once', () => {
    const unions = Object.values(schema.getTypeMap()).filter(isUnionType);
    for (const union of unions) {
      const types = new Map<string, string>();
      for (const field of union.getTypes().flatMap((member) => Object.values(member.getFields()))) {
        expect(`${union.name}.${field.name}: ${String(field.type)}`).toBe(`${union.name}.${field.name}: ${types.get(field.name) ?? String(field.type)}`);
        types.set(field.name, String(field.type));
      }
    }
  });

  it('has a step type for every row of the registry', () => {
    const step = schema.getType('Step');
    if (!isInterfaceType(step)) throw new Error('Step is no interface');
    const names = schema.getPossibleTypes(step).map((type) => type.name);
    expect(names.toSorted()).toEqual(stepDefinitions.map((definition) => stepTypeName(definition.type)).toSorted());
  });

  it('gives every connection nodes beside edges', () => {
    const connections = Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type) && type.name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(5);
    for (const connection of connections) expect(Object.keys(connection.getFields()).toSorted()).toEqual(['edges', 'nodes', 'pageInfo']);
  });

  it('says of every type, field, argument, input and enum value what it is for', () => {
    expect(everyName().filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });

  it('names types in PascalCase, fields and arguments in camelCase, enum values in UPPER_CASE', () => {
    const shapes = { type: /^[A-Z][A-Za-z]*$/, field: /^[a-z][A-Za-z0-9]*$/, value: /^[A-Z][A-Z_]*$/ };
    const odd = everyName().filter(({ kind, own }) => !shapes[kind].test(own));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('calls a mutation\'s types <Mutation>Input, Payload and Result, and nothing else so', () => {
    const names = new Set(mutations.map(({ name }) => pascal(name)));
    const strangers = types.map(({ name }) => name).filter((name) => /(Payload|Result)$/.test(name) && !names.has(name.replace(/(Payload|Result)$/, '')));
    expect(strangers).toEqual([]);
  });

  it('pages every list of nodes, 25 unless asked and 100 at most', () => {
    const plain: string[] = [];
    for (const type of types.filter(isObjectType).filter(({ name }) => !/(Connection|Payload)$/.test(name))) {
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type);
        const isNode = isObjectType(named) && named.getInterfaces().some(({ name }) => name === 'Node');
        if (isNode && isListType(getNullableType(field.type))) plain.push(`${type.name}.${field.name}`);
        if (!named.name.endsWith('Connection')) continue;
        const [first, last] = ['first', 'last'].map((name) => field.args.find((arg) => arg.name === name)?.description);
        if (!first?.includes('1 to 100, 25 unless said') || !last?.includes('1 to 100')) plain.push(`${type.name}.${field.name}`);
      }
    }
    expect(plain).toEqual([]);
  });

  it('asks for a revision wherever a definition changes, and answers a conflict', () => {
    const DEFINITION_CHANGES = [
      'updateWorkflow',
      'archiveWorkflow',
      'publishWorkflow',
      'pauseWorkflow',
      'resumeWorkflow',
      'restoreWorkflowVersion',
      'rollbackPublish',
      'stopEntry',
      'startEntry',
    ];
    for (const name of DEFINITION_CHANGES) {
      const input = schema.getType(`${pascal(name)}Input`);
      const result = schema.getType(`${pascal(name)}Result`);
      if (!isInputObjectType(input) || !isUnionType(result)) throw new Error(`${name} has no input or no result`);
      const asks = Object.keys(input.getFields()).includes('expectedRevision');
      expect({ name, asks, answers: result.getTypes().some((type) => type.name === 'VersionConflict') }).toEqual({ name, asks: true, answers: true });
    }
  });
});

interface Named {
  name: string;
  own: string;
  kind: 'type' | 'field' | 'value';
  description: string | null | undefined;
}

/** Everything of ours in the schema that has a name. */
function everyName(): Named[] {
  return types.flatMap((type): Named[] => {
    const name = (kind: Named['kind'], own: string, description: string | null | undefined, of = ''): Named => ({ kind, own, name: `${type.name}${of}.${own}`, description });
    const self: Named = { kind: 'type', own: type.name, name: type.name, description: type.description };
    if (isEnumType(type)) return [self, ...type.getValues().map((value) => name('value', value.name, value.description))];
    if (isInputObjectType(type)) return [self, ...Object.values(type.getFields()).map((field) => name('field', field.name, field.description))];
    if (!isObjectType(type) && !isInterfaceType(type)) return [self];
    const fields = Object.values(type.getFields());
    return [self, ...fields.flatMap((field) => [
      name('field', field.name, field.description),
      ...field.args.map((arg) => name('field', arg.name, arg.description, `.${field.name}`)),
    ])];
  });
}

function partition<T>(all: T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}
