import type { Telemetry } from '../core/ports/telemetry.ts';
import type { Counts } from './counts.ts';
import type { Tracing } from './tracing.ts';

/** Counts and spans together: what the engine and the doors see of both. */
export function createTelemetry(counts: Counts, tracing: Tracing): Telemetry {
  return {
    async batch(work, lane, size, run) {
      const began = performance.now();
      try {
        return await (tracing.on ? tracing.span(`${work} batch`, { 'millrace.lane': lane, 'millrace.batch.size': size }, run) : run());
      } finally {
        counts.batch(work, lane, size, (performance.now() - began) / 1000);
      }
    },
    part: (name, attributes, run) => (tracing.on ? tracing.span(name, attributes, run) : run()),
    async request(name, attributes, parent, run) {
      const answered = async (): Promise<void> => tracing.note({ 'http.response.status_code': await run() });
      await tracing.span(name, attributes, answered, { kind: 'server', parent });
    },
    sent: (channel, end) => counts.sent(channel, end),
    page: () => counts.page(),
  };
}
