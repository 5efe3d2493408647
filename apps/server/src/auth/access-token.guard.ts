import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, AuthModuleOptions } from '@nestjs/passport';
import type { Request } from 'express';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { PUBLIC } from '../common/public.js';
import { readBearerToken } from './jwt.strategy.js';
import { TokensService, toTokenRefusal } from './tokens.service.js';

/**
 * Lets an HTTP request through if it carries a valid access token or its route is `@Public()`.
 * Sockets are none of its business: they are authenticated once, when they connect.
 */
@Injectable()
export class AccessTokenGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokensService,
    options: AuthModuleOptions,
  ) {
    super(options);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    return (await this.recognize(context)) || (super.canActivate(context) as Promise<boolean>);
  }

  /** Passport verifies a token when it is first seen, and not for each of its requests. */
  private async recognize(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user?: Actor }>();
    const known = await this.tokens.recognize(readBearerToken(request) ?? '');
    if (known === null) return false;
    request.user = known.actor;
    return true;
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
