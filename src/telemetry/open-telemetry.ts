import { context, type Link, type SpanContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Tracing } from './tracing.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
/** OpenTelemetry keeps no more of a span unless told otherwise. */
const MOST_LINKS = 128;
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Traces by OpenTelemetry. Its standard variables (`OTEL_EXPORTER_OTLP_…`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`,
 * `OTEL_BSP_…`, `OTEL_SPAN_…`) are read by its own libraries.
 * @param processor where spans go instead of the collector (tests).
 */
export function openTelemetry(service: string, processor: SpanProcessor = new BatchSpanProcessor(new OTLPTraceExporter())): Tracing {
  const resource = resourceFromAttributes({ 'service.name': service }).merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  const tracer = provider.getTracer('millrace');
  return {
    on: true,
    span(name, attributes, run, { kind = 'internal', parent } = {}) {
      const remote = parent === undefined ? null : spanContextOf(parent);
      const above = remote ? trace.setSpanContext(context.active(), remote) : context.active();
      return tracer.startActiveSpan(name, { attributes, kind: KINDS[kind] }, above, async (span) => {
        try {
          return await run();
        } catch (error) {
          // The message may quote what a person wrote: only the kind of the error leaves the house.
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
          throw error;
        } finally {
          span.end();
        }
      });
    },
    note: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    link: (traceparents) => void trace.getActiveSpan()?.addLinks(linksTo(traceparents)),
    traceparent() {
      const own = trace.getActiveSpan()?.spanContext();
      return own && `00-${own.traceId}-${own.spanId}-${own.traceFlags.toString(16).padStart(2, '0')}`;
    },
    close: () => provider.shutdown(),
  };
}

function linksTo(traceparents: Iterable<string>): Link[] {
  const distinct = [...new Set(traceparents)].slice(0, MOST_LINKS);
  return distinct.flatMap((text) => {
    const found = spanContextOf(text);
    return found ? [{ context: found }] : [];
  });
}

function spanContextOf(traceparent: string): SpanContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId && spanId && flags ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } : null;
}
