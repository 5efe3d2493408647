import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

export const USER_AGENT_MAX_LENGTH = 200;

/** From where somebody asks, as far as it can be known: what the list of sessions shows. */
export interface Client {
  /** The address, by which attempts are counted. Read behind exactly as many proxies as are configured. */
  ip: string;
  userAgent: string | null;
}

/** Hands the {@link Client} to a controller. */
export const FromClient = createParamDecorator((_data: unknown, context: ExecutionContext): Client => {
  const request = context.switchToHttp().getRequest<Request>();
  return { ip: request.ip ?? '', userAgent: request.get('user-agent')?.slice(0, USER_AGENT_MAX_LENGTH) ?? null };
});
