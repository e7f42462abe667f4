import { z } from 'zod';
import type { Route } from './route.ts';

const PROBLEM = { description: 'What went wrong (RFC 9457).', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };

const COMPONENTS = {
  securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key of a location.' } },
  schemas: {
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'code', 'detail'],
      properties: {
        type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, code: { type: 'string', description: "The same codes as GraphQL's." }, detail: { type: 'string' },
        errors: { type: 'array', items: { $ref: '#/components/schemas/Finding' } },
      },
    },
    Finding: {
      type: 'object',
      properties: {
        pointer: { type: 'string', description: 'RFC 6901; empty for the whole document.' }, path: { type: 'string' }, detail: { type: 'string' },
        line: { type: ['integer', 'null'] }, column: { type: ['integer', 'null'] }, rule: { type: ['string', 'null'] }, hint: { type: ['string', 'null'] },
      },
    },
    Definition: { type: 'object', description: 'A whole workflow definition.', required: ['name', 'steps'], additionalProperties: true },
  },
};

/** The table of routes as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0). */
export function openapi(rows: Route[], publicUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of rows) paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(row) };
  return { openapi: '3.1.0', info: { title: 'Millrace', version: '1', description: 'Customer journeys as code.' }, servers: [{ url: publicUrl }], security: [{ key: [] }], paths, components: COMPONENTS };
}

function operationOf(row: Route): Record<string, unknown> {
  const body = bodyOf(row);
  return {
    operationId: row.operation,
    summary: row.summary,
    'x-scope': row.scope,
    parameters: parametersOf(row),
    ...(body ? { requestBody: body } : {}),
    responses: { ...responsesOf(row), default: PROBLEM },
  };
}

function parametersOf(row: Route): unknown[] {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: name === 'id' ? { type: 'string', format: 'uuid' } : { type: 'string' } }));
  const { properties = {} } = row.query ? jsonSchema(row.query) : {};
  const inQuery = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
  const key = row.method === 'POST' ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } }] : [];
  return [...inPath, ...inQuery, ...key];
}

function bodyOf(row: Route): Record<string, unknown> | null {
  if (row.body === null) return null;
  if (row.body !== 'definition') return { content: { 'application/json': { schema: jsonSchema(row.body) } } };
  const schema = { $ref: '#/components/schemas/Definition' };
  return { required: true, content: { 'application/yaml': { schema: { type: 'string' } }, 'application/json': { schema } } };
}

function responsesOf(row: Route): Record<string, unknown> {
  const content = Object.fromEntries(row.produces.map((type) => [type, {}]));
  return Object.fromEntries(Object.entries(row.responses).map(([status, description]) => {
    if (Number(status) >= 400) return [status, { ...PROBLEM, description }];
    return [status, Number(status) < 204 ? { description, content } : { description }];
  }));
}

interface ObjectSchema {
  properties?: Record<string, unknown>;
}

/** What may be sent, not what it is parsed to; a schema that JSON cannot say is left open. */
const jsonSchema = (schema: z.ZodType): ObjectSchema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ObjectSchema;
