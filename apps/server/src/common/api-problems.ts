import type { ErrorCode } from '@parley/contracts';
import { ApiExtension } from '@nestjs/swagger';

/** Where {@link ApiProblems} leaves its codes in an operation; `openapi/` turns them into responses. */
export const PROBLEMS_EXTENSION = 'x-problems';

/**
 * Names the refusals that are particular to a route. Those that any route may give (no token, a wrong
 * field, too many requests, a database that is away) are documented for all of them at once.
 */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator {
  return ApiExtension(PROBLEMS_EXTENSION, codes);
}
