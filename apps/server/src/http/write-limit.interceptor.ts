import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import type { Actor } from '../common/actor.js';
import { RateLimiter } from '../common/rate-limiter.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Counts the requests that change something, by person or, before login, by address. An interceptor
 * because those run after every guard, when the person is known. Socket commands have their own count.
 */
@Injectable()
export class WriteLimit implements NestInterceptor {
  constructor(private readonly limiter: RateLimiter) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') {
      const request = context.switchToHttp().getRequest<Request>();
      if (!READING.has(request.method)) await this.limiter.consume('write', keyOf(request));
    }
    return next.handle();
  }
}

type Authenticated = Request & { user?: Partial<Actor> };

function keyOf(request: Request): string {
  return (request as Authenticated).user?.userId ?? request.ip ?? 'gone';
}
