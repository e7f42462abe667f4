import type { Attributes } from '../core/ports/telemetry.ts';

/** What is used of a tracer. Off, it only runs the work. */
export interface Tracing {
  readonly on: boolean;
  /** Runs the work under a span: a child of the one under way, of a remote parent, or a trace of its own. An error marks the span and goes on. */
  span<T>(name: string, attributes: Attributes, run: () => Promise<T>, options?: SpanOptions): Promise<T>;
  /** Says of the span under way what is known only now. */
  note(attributes: Attributes): void;
  /** Links the span under way to others, each once, by their `traceparent`. */
  link(traceparents: Iterable<string>): void;
  /** The span under way as a W3C `traceparent`. */
  traceparent(): string | undefined;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface SpanOptions {
  kind?: 'server' | 'client' | 'internal';
  /** A remote parent. */
  parent?: string | undefined;
}

/** Tracing that nobody asked for. */
export const noTracing: Tracing = {
  on: false,
  span: (_name, _attributes, run) => run(),
  note: () => undefined,
  link: () => undefined,
  traceparent: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * The tracer of a process. OpenTelemetry is loaded only when a collector is named (`OTEL_EXPORTER_OTLP_ENDPOINT`): a process that traces nothing does not pay for it.
 * @param service how the process calls itself when `OTEL_SERVICE_NAME` does not.
 */
export async function createTracing(wanted: boolean, service: string): Promise<Tracing> {
  if (!wanted) return noTracing;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(service);
}
