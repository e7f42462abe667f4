import { readFileSync } from 'node:fs';
import { getNamedType, isInterfaceType, isObjectType, isUnionType, lexicographicSortSchema, printSchema, validateSchema, type GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/api/schema.ts';
import { stepTypeName } from '../src/api/step.ts';
import { stepDefinitions } from '../src/core/steps/index.ts';

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

  it('says of every root field what it is for', () => {
    const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
    const silent = roots.flatMap((root) => Object.values(root.getFields())).filter((field) => !field.description);
    expect(silent.map((field) => field.name)).toEqual([]);
  });
});

function partition<T>(all: T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}
