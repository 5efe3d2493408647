import { Module } from '@nestjs/common';
import { TraceExport } from './trace-export.js';

/** What a collector of OpenTelemetry is sent. */
@Module({ providers: [TraceExport] })
export class TracesModule {}
