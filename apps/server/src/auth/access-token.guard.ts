import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, AuthModuleOptions } from '@nestjs/passport';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error.js';
import { PUBLIC } from '../common/public.js';
import { readBearerToken } from './jwt.strategy.js';
import { toTokenRefusal } from './tokens.service.js';

/**
 * Lets an HTTP request through if it carries a valid access token or its route is `@Public()`.
 * Sockets are none of its business: they are authenticated once, when they connect.
 */
@Injectable()
export class AccessTokenGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    options: AuthModuleOptions,
  ) {
    super(options);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    return super.canActivate(context) as Promise<boolean>;
  }

  /** What Passport found: an actor, the reason of a refusal, or an error of ours on the way. */
  override handleRequest<T>(error: Error | null, actor: T | false, reason: unknown, context: ExecutionContext): T {
    if (error !== null) throw error;
    if (actor !== false) return actor;
    const request = context.switchToHttp().getRequest<Request>();
    throw readBearerToken(request) === null ? tokenMissing() : toTokenRefusal(reason);
  }
}

function tokenMissing(): DomainError {
  return new DomainError('token_missing', 'Send an access token: Authorization: Bearer …');
}
