import { z } from 'zod';
import { problem } from './answers.ts';
import { exampleOf } from './openapi-examples.ts';
import { fullProblem, problemComponents, problemsOf } from './openapi-problems.ts';
import { groupOf, groups } from './route-groups.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const DEFINITION_EXAMPLE = `name: Hello
trigger: { type: manual }
steps:
  - id: hello
    type: add_tag
    config: { tag: greeted }
  - id: pause
    type: wait
    config: { duration: 2d }
`;

const DEFINITION: Json = {
  type: 'object', description: 'A whole workflow definition; schemas/workflow.schema.json has its grammar.', additionalProperties: true,
  examples: [{ name: 'Hello', trigger: { type: 'manual' }, steps: [{ id: 'hello', type: 'add_tag', config: { tag: 'greeted' } }] }],
};

const DESCRIPTION = `Customer journeys as code. Every request carries \`Authorization: Bearer <API key>\`; a key sees its own location and nothing else.
What goes wrong is a problem document (RFC 9457) with a code, and \`errors\` that name the place. A POST with an \`Idempotency-Key\` has one effect, however often it is sent.
Lists come in pages: follow \`next_cursor\`, or \`Link: rel="next"\`.`;

/** Request headers that some routes go by. */
const HEADERS: Record<string, Json> = {
  'If-Match': { description: 'The ETag of your last read: the change is refused with 412 when somebody was faster.', schema: { type: 'string' }, example: '"r7"' },
  'If-None-Match': { description: 'The ETag that you have: 304 when nothing changed.', schema: { type: 'string' }, example: '"r7"' },
  'Idempotency-Key': { description: 'The same key and body again get the first answer, without a second effect.', schema: { type: 'string', minLength: 1, maxLength: 255 } },
  'Last-Event-ID': { description: 'Go on behind this event of the stream.', schema: { type: 'string' } },
};

/** The table of routes as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0). */
export function openapi(rows: Route[], url: string): Json {
  const named: Json = {};
  jsonSchema(problem, named, 'output');
  const paths: Record<string, Json> = {};
  for (const row of rows) paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(row, named) };
  const schemas: Json = { Definition: DEFINITION, ...sorted(named) };
  for (const media of documentedMedia(paths)) if (media.example === undefined && media.schema['type'] !== 'string') media.example = exampleOf(media.schema, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version: '1', description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url }],
    security: [{ key: [] }],
    tags: groups.map(({ name, says }) => ({ name, description: says })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of a location, with the scopes read, enroll, write or admin.' } },
      responses: problemComponents(),
      schemas,
    },
  };
}

function operationOf(row: Route, named: Json): Json {
  const body = bodyOf(row, named);
  return {
    operationId: row.operation,
    tags: [groupOf(row)],
    summary: row.summary,
    ...(row.scope === null ? { security: [] } : { description: `Needs a key with the scope \`${row.scope}\`.`, 'x-scope': row.scope }),
    parameters: parametersOf(row, named),
    ...(body ? { requestBody: body } : {}),
    responses: { ...answersOf(row, named), ...problemsOf(row) },
  };
}

function parametersOf(row: Route, named: Json): Json[] {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: PATH_SCHEMAS[name!] ?? { type: 'string' } }));
  const { properties = {} } = row.query ? (jsonSchema(row.query, named, 'input') as { properties?: Record<string, Json> }) : {};
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({ name, in: 'query', required: false, ...(description ? { description } : {}), schema }));
  const headers = [...row.reads, ...(row.method === 'POST' ? ['Idempotency-Key'] : []), ...(row.tells ? ['Last-Event-ID'] : [])];
  return [...inPath, ...inQuery, ...headers.map((name) => ({ name, in: 'header', required: false, ...HEADERS[name] }))];
}

interface Media {
  schema: Json;
  example?: unknown;
}

/** Bodies and answers of every operation that gets an example. */
function documentedMedia(paths: Record<string, Json>): Media[] {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods)) as {
    requestBody?: { content: Record<string, Media> }; responses: Record<string, { content?: Record<string, Media> }>;
  }[];
  return operations.flatMap(({ requestBody, responses }) =>
    [requestBody ?? {}, ...Object.values(responses)].flatMap(({ content = {} }: { content?: Record<string, Media> }) => Object.values(content)));
}

const NUMBER = { type: 'integer', minimum: 1 };
const PATH_SCHEMAS: Record<string, Json> = { id: { type: 'string', format: 'uuid' }, version: NUMBER, a: NUMBER, b: NUMBER };

function bodyOf(row: Route, named: Json): Json | null {
  if (row.body === null) return null;
  if (row.body !== 'definition') return { required: !row.body.safeParse(undefined).success, content: { 'application/json': { schema: jsonSchema(row.body, named, 'input') } } };
  return {
    required: true,
    content: { 'application/yaml': { schema: { type: 'string' }, example: DEFINITION_EXAMPLE }, 'application/json': { schema: { $ref: '#/components/schemas/Definition' } } },
  };
}

function answersOf(row: Route, named: Json): Json {
  return Object.fromEntries(Object.entries(row.responses).map(([status, description]) => {
    if (Number(status) >= 400) return [status, fullProblem(description)];
    const headers = answerHeaders(row, Number(status));
    return [status, { description, ...(headers ? { headers } : {}), ...(Number(status) < 204 ? { content: contentOf(row, named) } : {}) }];
  }));
}

function contentOf(row: Route, named: Json): Json {
  return Object.fromEntries(row.produces.map((type) => {
    if (type === 'text/event-stream') return [type, { schema: { type: 'string' }, 'x-event-data': row.tells && jsonSchema(row.tells, named, 'output') }];
    return [type, { schema: type === 'application/json' && row.gives ? jsonSchema(row.gives, named, 'output') : { type: 'string' } }];
  }));
}

function answerHeaders(row: Route, status: number): Json | null {
  const isList = row.query !== null && 'cursor' in ((z.toJSONSchema(row.query, { io: 'input', unrepresentable: 'any' }) as { properties?: Json }).properties ?? {});
  const told = {
    ...(row.reads.length > 0 && status !== 204 ? { ETag: { description: "The workflow's revision, for If-Match.", schema: { type: 'string' } } } : {}),
    ...(status === 201 ? { Location: { description: 'Where the new thing is; left out for a list of results.', schema: { type: 'string' } } } : {}),
    ...(isList && row.gives && status === 200 ? { Link: { description: 'The next page, `rel="next"` (RFC 8288).', schema: { type: 'string' } } } : {}),
  };
  return Object.keys(told).length > 0 ? told : null;
}

/** A schema as OpenAPI has it; whatever has an `id` goes to the components. What JSON cannot say is left open. */
function jsonSchema(schema: z.ZodType, named: Json, io: 'input' | 'output'): Json {
  const { $schema: _draft, $defs = {}, id, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json>; id?: string };
  for (const [name, { id: _same, ...definition }] of Object.entries($defs)) named[name] = pointed(definition);
  if (id === undefined) return pointed(own) as Json;
  named[id] = pointed(own);
  return { $ref: `#/components/schemas/${id}` };
}

function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === '$ref' ? String(item).replace('#/$defs/', '#/components/schemas/') : pointed(item)]));
}

const sorted = (map: Json): Json => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
