import {
  getNamedType, isEnumType, isInputObjectType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, isScalarType, isUnionType,
  type GraphQLArgument, type GraphQLField, type GraphQLInputField, type GraphQLInputType, type GraphQLObjectType, type GraphQLSchema,
} from 'graphql';

/** What to say for an argument: by `Type.field.argument`, else by the argument's name, else by its type. Undefined: it is left out when it may be. */
export type Say = (place: string, name: string, type: string) => unknown;

/** A GraphQL literal of a value. Enums are `{ enum: 'NAME' }`. */
export function literalOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if ('enum' in value) return String(value.enum);
  return `{${Object.entries(value).map(([key, inner]) => `${key}: ${literalOf(inner)}`).join(', ')}}`;
}

/** The value of one argument or input field; undefined leaves it out. Throws when it is required and nobody said what to say. */
export function valueOf(field: GraphQLArgument | GraphQLInputField, place: string, say: Say): unknown {
  const required = isNonNullType(field.type) && field.defaultValue === undefined;
  return inputOf(field.type, `${place}.${field.name}`, field.name, say, required);
}

function inputOf(type: GraphQLInputType, place: string, name: string, say: Say, required: boolean): unknown {
  const named = getNamedType(type);
  const said = say(place, name, named.name);
  const list = isListType(isNonNullType(type) ? type.ofType : type);
  if (said !== undefined) return list && !Array.isArray(said) ? [said] : said;
  if (!required) return undefined;
  if (isEnumType(named)) return list ? [{ enum: named.getValues()[0]!.name }] : { enum: named.getValues()[0]!.name };
  if (isInputObjectType(named)) {
    const fields = Object.values(named.getFields());
    const entries = fields.map((field) => [field.name, valueOf(field, named.name, say)] as const).filter(([, value]) => value !== undefined);
    const object = Object.fromEntries(named.isOneOf ? entries.slice(0, 1) : entries);
    return list ? [object] : object;
  }
  if (isScalarType(named) && named.name === 'Boolean') return false;
  throw new Error(`say how to call ${place} (${String(type)}): add it to SAY in this test`);
}

/** `(id: "…")`, or nothing. */
export function argumentsOf(field: GraphQLField<unknown, unknown>, parent: string, say: Say): string {
  const given = field.args.map((argument) => [argument.name, valueOf(argument, `${parent}.${field.name}`, say)] as const).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `(${given.map(([name, value]) => `${name}: ${literalOf(value)}`).join(', ')})`;
}

/** Every leaf of a type; what is no leaf is entered `depth` levels further. Each arm of a union is read. */
export function selectionOf(schema: GraphQLSchema, type: GraphQLObjectType, say: Say, depth: number): string {
  const fields = Object.values(type.getFields()).map((field) => fieldText(schema, type.name, field, say, depth)).filter((text) => text !== null);
  return ['__typename', ...fields].join(' ');
}

function fieldText(schema: GraphQLSchema, parent: string, field: GraphQLField<unknown, unknown>, say: Say, depth: number): string | null {
  const inner = innerText(schema, field, say, depth);
  // Arms of a union may name a leaf alike and type it differently: each has its own alias.
  return inner === null ? null : `${parent}_${field.name}: ${field.name}${argumentsOf(field, parent, say)}${inner}`;
}

export function innerText(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, say: Say, depth: number): string | null {
  const named = getNamedType(field.type);
  if (isLeafType(named)) return '';
  if (depth === 0) return null;
  if (isObjectType(named)) return ` { ${selectionOf(schema, named, say, depth - 1)} }`;
  const arms = isUnionType(named) || isInterfaceType(named) ? schema.getPossibleTypes(named) : [];
  return ` { __typename ${arms.map((arm) => `... on ${arm.name} { ${selectionOf(schema, arm, say, depth - 1)} }`).join(' ')} }`;
}

/** The shortest way from `start` to every object type behind it: the fields to pass, each with the type that it belongs to. `node` and `nodes` lead everywhere and are no way. */
export function waysTo(schema: GraphQLSchema, start: GraphQLObjectType): Map<string, { parent: GraphQLObjectType; field: GraphQLField<unknown, unknown> }[]> {
  const ways = new Map<string, { parent: GraphQLObjectType; field: GraphQLField<unknown, unknown> }[]>([[start.name, []]]);
  const queue = [start];
  for (let parent = queue.shift(); parent; parent = queue.shift()) {
    for (const field of Object.values(parent.getFields())) {
      if (parent === start && (field.name === 'node' || field.name === 'nodes')) continue;
      const named = getNamedType(field.type);
      const arms = isObjectType(named) ? [named] : isUnionType(named) || isInterfaceType(named) ? schema.getPossibleTypes(named) : [];
      for (const arm of arms) {
        if (ways.has(arm.name)) continue;
        ways.set(arm.name, [...ways.get(parent.name)!, { parent, field }]);
        queue.push(arm);
      }
    }
  }
  return ways;
}
