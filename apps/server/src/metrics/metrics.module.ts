import { Module } from '@nestjs/common';
import { MetricsServer } from './metrics-server.js';

/** What Prometheus reads. */
@Module({ providers: [MetricsServer] })
export class MetricsModule {}
