import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { OccasionalLog } from '../common/occasional-log.js';
import { TRACES } from '../common/tracing.js';
import { Config } from '../config/config.js';
import { DrainService } from '../health/drain.service.js';
import type { OpenTelemetryTracer } from './open-telemetry.js';

/**
 * Has traces drawn and sent to the collector of the settings, from the start to the end of the server. Without one
 * nothing is drawn, and OpenTelemetry is not even loaded.
 *
 * A collector that is away costs spans, which are few enough to wait in memory for a while, and nothing else.
 */
@Injectable()
export class TraceExport implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TraceExport.name);
  private readonly warnings = new OccasionalLog(this.logger, 60_000);
  private tracer: OpenTelemetryTracer | null = null;
  private stop: () => void = () => undefined;

  constructor(
    private readonly config: Config,
    private readonly drain: DrainService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { tracesUrl } = this.config;
    if (tracesUrl === null) return;
    const { OpenTelemetryTracer } = await import('./open-telemetry.js');
    const tracer = new OpenTelemetryTracer(tracesUrl, (reason) => {
      this.warnings.warn(`Traces could not be sent: ${reason}`);
    });
    this.tracer = tracer;
    this.stop = TRACES.drawBy(tracer);
    this.drain.register('traces', 'work', () => tracer.flush());
    this.logger.log(`Traces are sent to ${new URL(tracesUrl).host}`);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop();
    await this.tracer?.close();
  }
}
