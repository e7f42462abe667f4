import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { readEnvironment } from '../../src/environment.ts';
import { createCounts } from '../../src/telemetry/counts.ts';
import { openTelemetry } from '../../src/telemetry/open-telemetry.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { createTracing, noTracing } from '../../src/telemetry/tracing.ts';
import { watchEvents, watchRuns } from '../../src/telemetry/watch-stores.ts';
import { createStage, one, type Stage } from '../support/engine-stage.ts';
import { until } from '../support/until.ts';

const spans = new InMemorySpanExporter();
const tracing = openTelemetry('millrace-test', new SimpleSpanProcessor(spans));
let stage: Stage;
let ctx: Stage['ctx'] & { telemetry: ReturnType<typeof createTelemetry> };
let counts: ReturnType<typeof createCounts>;

beforeAll(async () => {
  stage = await createStage();
  counts = createCounts(stage.pool);
  const ears = { counts, tracing, speed: 1 };
  ctx = { ...stage.ctx, runs: watchRuns(stage.ctx.runs, ears), events: watchEvents(stage.ctx.events, ears), telemetry: createTelemetry(counts, tracing) };
});
afterAll(() => stage.close());

const traceparentOf = (name: string): string => {
  const span = spans.getFinishedSpans().filter((one) => one.name === name).at(-1)!;
  return `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`;
};
const waiting = {
  name: 'Waits',
  trigger: { type: 'manual' },
  steps: [
    { id: 'nap', type: 'wait', config: { for: { event: 'order_placed' }, timeout: '3d' } },
    { id: 'mark', type: 'set', config: { values: { done: true } } },
  ],
};

describe('a trace', () => {
  it('is one a batch, its parts the load, the decision and the commit', async () => {
    const id = await stage.enroll(await stage.publish(waiting), await stage.contact());
    spans.reset();
    await runBatch(ctx, [id], 'interactive');
    const finished = spans.getFinishedSpans();
    expect(finished.map(({ name }) => name)).toEqual(['load', 'decide', 'commit', 'runs batch']);
    expect(new Set(finished.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(finished.at(-1)!.attributes).toMatchObject({ 'millrace.batch.size': 1, 'millrace.lane': 'interactive' });
  });

  it('of a run that waited links to the one that parked it, and holds nothing of the contact', async () => {
    const contact = await stage.contact({ first_name: 'Ana', email: 'ana@example.com', phone: '+12025550123' });
    const id = await stage.enroll(await stage.publish({ ...waiting, name: 'Waits again' }), contact);
    spans.reset();
    await runBatch(ctx, [id], 'interactive');
    const parked = traceparentOf('runs batch');
    expect(await one(stage.owner, "SELECT position->>'trace' FROM workflow_enrollments WHERE id = $1", [id])).toBe(parked);
    await stage.event(contact, 'order_placed', {});
    await dispatchEvents(ctx);
    spans.reset();
    await runBatch(ctx, [id], 'interactive');
    const resumed = spans.getFinishedSpans().find(({ name }) => name === 'runs batch')!;
    expect(resumed.links.map(({ context }) => `00-${context.traceId}-${context.spanId}-01`)).toEqual([parked]);
    expect(await stage.enrollment(id)).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(spans.getFinishedSpans().map(({ attributes, events, name }) => ({ attributes, events, name })))).not.toMatch(/Ana|example\.com|2025550123/);
  });

  it('of a request belongs to its sender, and a failure tells its kind alone', async () => {
    spans.reset();
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await ctx.telemetry.request('POST /api', {}, parent, () => Promise.resolve(201));
    await expect(ctx.telemetry.part('broken', {}, () => Promise.reject(new TypeError('ana@example.com is taken')))).rejects.toThrow();
    const [request, broken] = spans.getFinishedSpans();
    expect([request!.spanContext().traceId, request!.attributes]).toEqual(['a'.repeat(32), { 'http.response.status_code': 201 }]);
    expect([broken!.attributes, broken!.events, broken!.status.message]).toEqual([{ 'error.type': 'TypeError' }, [], undefined]);
  });
});

describe('what is counted', () => {
  it('names steps by type and outcome, batches, pools and lags, and nobody', async () => {
    const id = await stage.enroll(await stage.publish({ ...waiting, name: 'Counted' }), await stage.contact({ email: 'counted@example.com' }));
    await runBatch(ctx, [id], 'interactive');
    const page = await counts.page();
    for (const line of [
      /^millrace_steps_total\{type="set",outcome="completed"\} \d+$/m,
      /^millrace_runs_ended_total\{status="completed"\} \d+$/m,
      /^millrace_batch_duration_seconds_count\{work="runs",lane="interactive"\} \d+$/m,
      /^millrace_batch_size_bucket\{le="1",work="events",lane="interactive"\} \d+$/m,
      /^millrace_event_dispatch_lag_seconds_count [1-9]/m,
      /^millrace_timer_lateness_seconds_count \d+$/m,
      /^millrace_database_connections\{state="idle"\} \d+$/m,
      /^process_cpu_seconds_total /m,
    ])
      expect(page).toMatch(line);
    expect(page).not.toMatch(new RegExp(`@|${id}`));
    const named = page.split('\n').filter((line) => line.startsWith('# TYPE millrace_')).map((line) => line.split(' '));
    for (const [, , name, type] of named) if (type === 'counter') expect(name).toMatch(/_total$/);
  });
});

describe('without a collector', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('%j traces: %s', (variables, traces) => expect(readEnvironment(variables).tracing).toBe(traces));

  it('nothing is loaded, and nothing is written into a position', async () => {
    expect(await createTracing(false, 'api')).toBe(noTracing);
    const id = await stage.enroll(await stage.publish({ ...waiting, name: 'Untraced' }), await stage.contact());
    await runBatch({ ...stage.ctx, runs: watchRuns(stage.ctx.runs, { counts, tracing: noTracing, speed: 1 }) }, [id], 'interactive');
    expect(await one(stage.owner, "SELECT position->>'trace' FROM workflow_enrollments WHERE id = $1", [id])).toBeNull();
  });
});

describe('with a collector', () => {
  it('spans go to it by OTLP over HTTP, under the name that was given', async () => {
    const heard: { path: string; body: string }[] = [];
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        heard.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    process.env['OTEL_SERVICE_NAME'] = 'journeys';
    const exported = openTelemetry('millrace-execution');
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    delete process.env['OTEL_SERVICE_NAME'];
    await exported.span('runs batch', { 'millrace.batch.size': 3 }, () => Promise.resolve());
    await exported.close();
    await until('the collector has heard', () => heard.length > 0);
    expect(heard[0]!.path).toBe('/v1/traces');
    expect(heard[0]!.body).toMatch(/journeys[\s\S]*runs batch/);
    await new Promise((closed) => collector.close(closed));
  });
});
