import { Global, Module } from '@nestjs/common';
import { RateLimiter } from './rate-limiter.js';

/** What every feature may ask for. */
@Global()
@Module({ providers: [RateLimiter], exports: [RateLimiter] })
export class CommonModule {}
