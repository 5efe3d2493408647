import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { RateLimiter } from './rate-limiter.js';

/** What every feature may ask for. */
@Global()
@Module({
  providers: [{ provide: RateLimiter, inject: [Config], useFactory: (config: Config) => RateLimiter.create(config) }],
  exports: [RateLimiter],
})
export class CommonModule {}
