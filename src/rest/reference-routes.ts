import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openapi } from './openapi.ts';
import { referencePage } from './reference-page.ts';
import { SCRIPT, STYLE } from './reference-style.ts';
import { type Route, route } from './route.ts';
import { routes } from './routes.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page loads nothing, and talks to this house alone. */
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const reference: Route[] = [
  route({
    method: 'GET', path: '/api/openapi.json', operation: 'openapi', scope: null,
    summary: 'This description as OpenAPI 3.1.',
    gives: z.record(z.string(), z.unknown()), responses: { 200: 'OpenAPI 3.1.' },
    handle: async ({ ctx }) => ({ status: 200, body: openapi(everyRoute, ctx.environment.publicUrl) }),
  }),
  route({
    method: 'GET', path: '/api/docs', operation: 'reference', scope: null,
    summary: 'This description as a page to read and to try.', produces: ['text/html'],
    gives: null, responses: { 200: 'The page.' },
    handle: async ({ ctx }) => ({
      status: 200,
      text: { type: 'text/html; charset=utf-8', content: referencePage(openapi(everyRoute, ctx.environment.publicUrl)) },
      headers: { 'content-security-policy': POLICY },
    }),
  }),
];

/** Every route, those that describe the others included. */
export const everyRoute: Route[] = [...routes, ...reference];
