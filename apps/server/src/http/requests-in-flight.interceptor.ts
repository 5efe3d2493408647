import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import type { Request, Response } from 'express';
import { finalize, type Observable } from 'rxjs';
import { DomainError } from '../common/domain-error.js';
import { personOf } from './person-of.js';
import { Turns } from './turns.js';

/**
 * Carries out a few requests of one person at a time and lets the others wait in their order, on each node:
 * the connections of the database are few and everybody's. Before login nobody waits here; what is dear
 * then is the hashing of passwords, which has a bound of its own.
 *
 * A turn ends when the work ends, not when its client goes away: the work goes on without the client, and
 * hanging up must not be a way around the bound. Who goes away before their turn gives up the place.
 */
@Injectable()
export class RequestsInFlight implements NestInterceptor {
  private readonly turns = new Turns(LIMITS.requestsAtWorkMax, LIMITS.requestsWaitingMax);

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const person = personOf(request);
    if (person === null) return next.handle();

    const end = await this.turns.take(person, (leave) => http.getResponse<Response>().once('close', leave));
    if (end === null) {
      const words = `At most ${LIMITS.requestsWaitingMax} requests may wait for their turn`;
      throw new DomainError('too_many_in_flight', words, { retryInMs: 1_000 });
    }
    // A pipelined request hears nothing of its connection before it is its turn to answer.
    if (request.socket.destroyed) {
      end();
      throw new DomainError('request_malformed', 'The client has gone');
    }
    return next.handle().pipe(finalize(end));
  }
}
