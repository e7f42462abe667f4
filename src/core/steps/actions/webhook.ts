import { z } from 'zod';
import type { Data } from '../../state.ts';
import { renderText, renderValue } from '../../templates/render.ts';
import { secretMarks } from '../../templates/secret-marks.ts';
import { durationMs, durationSchema } from '../../time/duration.ts';
import { perform, proceed } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { smuggled } from '../reach.ts';

const config = z.strictObject({
  url: z.string().min(1).max(2_000),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'A header name has letters, digits and dashes.'), z.string().max(4_000)).default({}),
  body: z.unknown().optional(),
  timeout: durationSchema.optional().describe('How long it waits for the answer: 15s unless said, 30s at most.'),
  sign_with: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, 'Name a secret.').optional(),
  save: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), z.string().min(1).max(200)).default({}),
});
type Config = z.output<typeof config>;

const LONGEST_MS = 30_000;

export const webhook = defineStep<Config>({
  type: 'webhook',
  aliases: ['http_request'],
  channel: 'webhook',
  group: 'action',
  summary: 'Calls a URL and keeps the answer.',
  icon: 'webhook',
  config,
  secrets: true,
  main: 'status',
  results: ['status', 'headers', 'body'],
  enter: (step, { scope: plain, run }) => {
    const { url, method, headers, body, timeout, sign_with } = step.config;
    const scope = { ...plain, secrets: secretMarks({ url, headers }, run.id, 'text') };
    const filled = body === undefined ? undefined : renderValue(body, { ...plain, secrets: secretMarks(body, run.id, typeof body === 'string' ? 'text' : 'json') });
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, renderText(value, scope)]));
    return smuggled(sent) ?? perform('webhook', {
      url: renderText(url, scope),
      method,
      headers: sent,
      body: filled === undefined || typeof filled === 'string' ? (filled ?? null) : JSON.stringify(filled),
      sign_with: sign_with ?? null,
      timeout_ms: timeout === undefined ? 15_000 : Math.min(durationMs(timeout), LONGEST_MS),
    });
  },
  settle: (step, _moment, outcome) => {
    if (outcome.status === 'skipped') return { kind: 'skip', reason: outcome.reason };
    if (outcome.status !== 'accepted') return { kind: 'fail', error: outcome.error, result: outcome.result };
    return proceed('next', { ...outcome.result, ...saved(step.config.save, outcome.result) });
  },
});

/**
 * `{ id: 'data.0.id' }` picks values out of a JSON body, and so does `body.data.0.id`, which reads like the step's own results; what is missing is null.
 * A path may be written as JSONPath writes it, `$.data[0].id`.
 */
function saved(save: Record<string, string>, answer: Data): Data {
  const pick = (path: string): unknown => [path, plainPath(path)].map((way) => walk(answer['body'], way) ?? walk(answer, way)).find((value) => value !== undefined) ?? null;
  return Object.fromEntries(Object.entries(save).map(([name, path]) => [name, pick(path)]));
}

const plainPath = (path: string): string => path.replace(/^\$\.?(?=.)/, '').replace(/\[(\d+)\]/g, '.$1').replace(/^\./, '');

const walk = (whole: unknown, path: string): unknown => path.split('.').reduce(member, whole);

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Data)[key] : undefined;
}
