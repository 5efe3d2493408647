import type { Request } from 'express';
import type { Actor } from '../common/actor.js';

/** The id of the person who asks, as the guard has found it; null without a token. */
export function personOf(request: Request): string | null {
  return (request as Request & { user?: Partial<Actor> }).user?.userId ?? null;
}
