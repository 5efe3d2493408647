import { Global, Module } from '@nestjs/common';
import { DrainService } from './drain.service.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

/** Whether this server lives and is ready, and how it goes away. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [DrainService, HealthService],
  exports: [DrainService],
})
export class HealthModule {}
