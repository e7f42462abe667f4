import { z } from 'zod';
import { conditionList } from '../conditions/schema.ts';
import { operatorDefinitions } from '../conditions/operators/index.ts';
import { definitionShape, stepShape, triggerShape } from '../definition/schema.ts';
import { stepDefinitions } from '../steps/index.ts';
import { PROVIDER_ANSWERS, providerAnswers } from '../simulated-providers.ts';
import { writtenEvent } from '../scripted-event.ts';
import { target } from '../steps/target.ts';
import { durationSchema } from '../time/duration.ts';
import { triggerDefinitions } from '../triggers/index.ts';

/** A JSON Schema in draft-07 words, which editors of every age read (https://json-schema.org/draft-07). */
export type JsonSchema = { [key: string]: unknown };

const DRAFT = 'http://json-schema.org/draft-07/schema#';

const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

/** Shapes that many configs share, each described once. What code checks beyond them (expressions, targets, templates) the linter says. */
const SHARED: Record<string, JsonSchema> = {
  duration: {
    description: 'A length of time: 90s, 15m, 2h, 1d, 2w, a combination such as 1d12h, ISO-8601 such as P1DT12H, or 0.',
    anyOf: [{ const: 0 }, { type: 'string', pattern: '^(0|(\\d+[wdhms])+|P(?=[\\dT])(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?)$' }],
  },
  target: {
    description: 'The id of a step, or an end: end, exit_success, exit_<word>; or the steps of this arm themselves, after which the run goes on behind the branch.',
    anyOf: [{ type: 'string', minLength: 1, maxLength: 100 }, { type: 'array', minItems: 1, items: ref('step') }],
  },
  conditions: { description: 'One condition, or a list of them: all must hold.', anyOf: [ref('condition'), { type: 'array', minItems: 1, items: ref('condition') }] },
  condition: {
    description: 'A comparison, something that happened, an expression, or a group of conditions.',
    anyOf: [
      object({
        field: { type: 'string', description: 'A path (tags, email, custom_fields.plan mean the contact\'s), or exactly one {{…}}.' },
        operator: { enum: operatorDefinitions.flatMap(({ name, aliases }) => [name, ...aliases]), description: 'How they are compared.' },
        value: { description: 'What it is compared with; texts may be templates.' },
      }, ['field', 'operator']),
      object({
        event: { type: 'string', description: 'The type of an event in the contact\'s history.' },
        step: { type: 'string', description: 'Only events about what this step sent.' },
        within: ref('duration'),
        count: { description: 'How often: a number, or { gte: 2 }.', anyOf: [{ type: 'integer', minimum: 0 }, { type: 'object' }] },
      }, ['event']),
      object({ expression: { type: 'string', maxLength: 2048, description: 'score >= 50 and contains(tags, "vip")' } }, ['expression']),
      object({ all: ref('conditions') }, ['all']),
      object({ any: ref('conditions') }, ['any']),
      object({ not: ref('conditions') }, ['not']),
    ],
  },
};

/** Described from shapes that hold shared ones in turn. */
const scriptedEvent = (): JsonSchema => {
  const happening = z.looseObject({ ...writtenEvent.shape, type: writtenEvent.shape.type.regex(new RegExp(`^(?!${PROVIDER_ANSWERS}$)`)) });
  return { description: 'Something that happens to the contact, or how the provider of a step answers from then on.', anyOf: [written(happening), written(providerAnswers)] };
};

function object(properties: JsonSchema, required: string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Parts whose zod schema is code: what stands for them. */
const STANDS_FOR = new Map<z.core.$ZodType, string>([[conditionList, 'conditions'], [durationSchema, 'duration'], [target, 'target'], [writtenEvent, 'scripted_event']]);

/** A zod schema as JSON Schema: what may be written, not what it is read as. Shared parts become references. */
function written(schema: z.ZodType): JsonSchema {
  const { $schema: _draft, ...plain } = z.toJSONSchema(schema, {
    target: 'draft-07', unrepresentable: 'any', io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const name = STANDS_FOR.get(zodSchema);
      if (name) replace(jsonSchema, ref(name));
      // Draft-07 forbids the empty `items` that zod writes for an empty tuple.
      else if (Array.isArray(jsonSchema.items) && jsonSchema.items.length === 0) replace(jsonSchema, { type: 'array', maxItems: 0 });
    },
  });
  return plain;
}

function replace(schema: object, other: JsonSchema): void {
  for (const key of Object.keys(schema)) delete schema[key as keyof typeof schema];
  Object.assign(schema, other);
}

/** The JSON Schema of a step's or a trigger's config by itself, with what it refers to: for forms and palettes. */
export function configSchema(schema: z.ZodType): JsonSchema {
  const own = written(schema);
  const names = new Set<string>();
  const collect = (part: JsonSchema): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/definitions\/(\w+)"/g)) {
      if (names.has(name!)) continue;
      names.add(name!);
      collect(ALONE[name!]!);
    }
  };
  collect(own);
  return { $schema: DRAFT, ...own, ...(names.size > 0 && { definitions: Object.fromEntries([...names].map((name) => [name, ALONE[name]])) }) };
}

/** The shared parts where no whole definition is around: the steps of an inline arm are not looked into. */
const ALONE: Record<string, JsonSchema> = { ...SHARED, scripted_event: scriptedEvent(), step: { type: 'object' } };

/** The JSON Schema of a whole definition, for editors. Everything that it knows comes from the registries and the shapes that the reader parses with. */
export function definitionSchema(): JsonSchema {
  const whole = written(definitionShape);
  const properties = { ...(whole['properties'] as JsonSchema), trigger: ref('trigger'), triggers: { type: 'array', minItems: 1, maxItems: 50, items: ref('trigger') } };
  const { items: _items, ...steps } = (whole['properties'] as Record<string, JsonSchema>)['steps']!;
  return {
    $schema: DRAFT,
    title: 'Millrace workflow',
    description: 'A customer journey: who enters it, and the steps that follow.',
    ...whole,
    properties: { ...properties, steps: { ...steps, items: ref('step') } },
    oneOf: [{ required: ['trigger'] }, { required: ['triggers'] }],
    definitions: {
      ...SHARED,
      scripted_event: scriptedEvent(),
      step: stepSchema(),
      trigger: triggerSchema(),
      ...Object.fromEntries(stepDefinitions.map(({ type, summary, config }) => [`config_${type}`, { description: summary, ...written(config) }])),
    },
  };
}

function stepSchema(): JsonSchema {
  const shape = written(stepShape);
  const types = stepDefinitions.flatMap(({ type, aliases, summary }) => [type, ...aliases].map((name) => ({ const: name, description: summary })));
  return {
    ...shape,
    properties: { ...(shape['properties'] as JsonSchema), type: { description: 'What the step does.', anyOf: types }, config: { description: 'What belongs to its type.' } },
    allOf: stepDefinitions.map(({ type, aliases, config }) => ({
      if: { properties: { type: { enum: [type, ...aliases] } }, required: ['type'] },
      then: { properties: { config: ref(`config_${type}`) }, ...(!config.safeParse({}).success && { required: ['config'] }) },
    })),
  };
}

/** A trigger's config stands beside `type`, or under `config`. */
function triggerSchema(): JsonSchema {
  const { additionalProperties: _open, ...shape } = written(triggerShape);
  const shared = shape['properties'] as JsonSchema;
  return {
    ...shape,
    properties: { ...shared, type: { description: 'What lets a contact in.', anyOf: triggerDefinitions.map(({ type, summary }) => ({ const: type, description: summary })) } },
    allOf: triggerDefinitions.map(({ type, config }) => {
      const own = written(config);
      const known = (own['properties'] ?? {}) as JsonSchema;
      return {
        if: { properties: { type: { const: type } }, required: ['type'] },
        then: { properties: { ...Object.fromEntries(Object.keys(shared).map((key) => [key, true])), ...known, config: { ...own } }, additionalProperties: false },
      };
    }),
  };
}
