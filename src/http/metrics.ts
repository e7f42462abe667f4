import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Context } from '../context.ts';

/** What Prometheus may ask of this process. No label ever names a person. */
export interface Metrics {
  /** Notes an answered request. `door` is the first part of the path: api, graphql, t … */
  answered(door: string, method: string, status: number, seconds: number): void;
  /** `/metrics` in the text format. */
  page(): Promise<Response>;
}

/**
 * The metrics of the doors, in a registry of their own (two servers in one process do not meet), before those of the engine and of the process.
 * @param openStreams how many streams are being read.
 */
export function createMetrics(ctx: Context, openStreams: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({ name: 'millrace_http_requests_total', help: 'Answered requests.', labelNames: ['door', 'method', 'status'], registers });
  const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5];
  const duration = new Histogram({ name: 'millrace_http_request_duration_seconds', help: 'Time to the end of the answer.', labelNames: ['door'], buckets, registers });
  const speed = new Gauge({ name: 'millrace_clock_speed', help: 'Journey seconds that pass in a second.', registers });
  const depth = new Gauge({
    name: 'millrace_queue_depth', help: 'Doorbells that wait.', labelNames: ['queue'], registers,
    async collect() {
      // Without the broker the other numbers are still worth having.
      const depths = await ctx.queue.depths().catch(() => ({}));
      this.reset();
      for (const [queue, waiting] of Object.entries(depths)) this.set({ queue }, Number(waiting));
    },
  });
  const streams = new Gauge({
    name: 'millrace_stream_subscribers', help: 'Subscriptions and event streams that are being read.', registers,
    collect() {
      this.set(openStreams());
    },
  });
  speed.set(ctx.clock.speed);
  depth.reset();
  streams.set(0);
  return {
    answered(door, method, status, seconds) {
      requests.inc({ door, method, status: String(status) });
      duration.observe({ door }, seconds);
    },
    async page() {
      const text = `${await registry.metrics()}${(await ctx.telemetry?.page()) ?? ''}`;
      return new Response(text, { status: 200, headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' } });
    },
  };
}
