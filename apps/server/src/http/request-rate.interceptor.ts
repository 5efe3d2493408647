import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { RateLimiter } from '../common/rate-limiter.js';
import { personOf } from './person-of.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Counts requests by person: those that change something and those that read. Before login, writes are
 * counted by address; what may be read then are the health routes, which must always answer. An
 * interceptor because those run after every guard, when the person is known. Socket commands have their
 * own count.
 */
@Injectable()
export class RequestRate implements NestInterceptor {
  constructor(private readonly limiter: RateLimiter) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') await this.count(context.switchToHttp().getRequest<Request>());
    return next.handle();
  }

  private async count(request: Request): Promise<void> {
    const person = personOf(request);
    if (!READING.has(request.method)) await this.limiter.consume('write', person ?? request.ip ?? 'gone');
    else if (person !== null) await this.limiter.consume('read', person);
  }
}
