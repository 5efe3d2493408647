import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as Drawn,
  type Tracer as Drawer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { newId } from '../common/id.js';
import type { Span, SpanAttributes, Tracer } from '../common/tracing.js';

/** How long the collector may take for one export, with another try; well within a phase of the drain. */
const EXPORT_WITHIN_MS = 2_000;
const EXPORT_EVERY_MS = 1_000;
/** What the collector does not take in time is left out beyond this: some megabytes at most. */
const SPANS_WAITING_MAX = 8_192;
/** A batch is linked to the other sends in it; OpenTelemetry would keep 128 links. */
const LINKS_MAX = 256;
/** What came after the drain's flush is little, and the database still has to be closed. */
const CLOSE_WITHIN_MS = 500;

/**
 * Draws spans by OpenTelemetry and sends them to a collector. The one file that knows it, and loaded only when
 * traces are wanted.
 *
 * Nothing is registered globally: several tracers in one process do not meet, and no other package begins to draw.
 */
export class OpenTelemetryTracer implements Tracer {
  private readonly context = new AsyncLocalStorage<DrawnSpan>();
  private readonly provider: TracerProvider;
  private readonly drawer: Drawer;

  /** `failed` is told each time when the collector did not take what it was sent. */
  constructor(url: string, failed: (reason: string) => void) {
    const exporter = telling(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_WITHIN_MS }), failed);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'parley', 'service.instance.id': newId() }),
      spanLimits: { linkCountLimit: LINKS_MAX },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          maxQueueSize: SPANS_WAITING_MAX,
          scheduledDelayMillis: EXPORT_EVERY_MS,
          // The exporter gives up first, and says why.
          exportTimeoutMillis: 2 * EXPORT_WITHIN_MS,
        }),
      ],
    });
    this.drawer = this.provider.getTracer('parley');
  }

  begin(name: string, attributes?: SpanAttributes): Span {
    const drawn = this.drawer.startSpan(name, { attributes, kind: SpanKind.SERVER }, ROOT_CONTEXT);
    return new DrawnSpan(drawn, this.drawer, this.context);
  }

  current(): Span | null {
    const span = this.context.getStore();
    // A timer that was set in a command goes off in its context, perhaps every second, long after the answer.
    return span?.isOpen === true ? span : null;
  }

  /** Sends what has ended by now. Never rejects: `failed` has been told. */
  async flush(): Promise<void> {
    await this.provider.forceFlush().catch(() => undefined);
  }

  /** Sends the rest, if that is quick, and ends. */
  async close(): Promise<void> {
    const closed = this.provider.shutdown().catch(() => undefined);
    await Promise.race([closed, delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }
}

class DrawnSpan implements Span {
  private readonly asParent: Context;

  constructor(
    private readonly drawn: Drawn,
    private readonly drawer: Drawer,
    private readonly context: AsyncLocalStorage<DrawnSpan>,
  ) {
    this.asParent = trace.setSpan(ROOT_CONTEXT, drawn);
  }

  get isOpen(): boolean {
    return this.drawn.isRecording();
  }

  begin(name: string, attributes?: SpanAttributes): Span {
    return new DrawnSpan(this.drawer.startSpan(name, { attributes }, this.asParent), this.drawer, this.context);
  }

  run<T>(work: () => T): T {
    return this.context.run(this, work);
  }

  link(other: Span): void {
    if (other instanceof DrawnSpan) this.drawn.addLink({ context: other.drawn.spanContext() });
  }

  rename(name: string): void {
    this.drawn.updateName(name);
  }

  end(attributes: SpanAttributes = {}, failed = false): void {
    this.drawn.setAttributes(attributes);
    if (failed) this.drawn.setStatus({ code: SpanStatusCode.ERROR });
    this.drawn.end();
  }
}

/** OpenTelemetry keeps failures to itself; who runs a server wants to hear of them. */
function telling(exporter: SpanExporter, failed: (reason: string) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) failed(result.error.message);
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
