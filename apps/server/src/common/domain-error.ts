import type { ErrorCode, FieldError } from '@parley/contracts';

export interface DomainErrorDetails {
  /** The fields that were not accepted. */
  errors?: FieldError[];
  /** When to try again, in milliseconds. */
  retryInMs?: number;
  /** What happened below; for the log, never for the client. */
  cause?: unknown;
}

/**
 * The one way in which the domain refuses something. What it becomes on REST and in an ack is
 * written in `error-table.ts`.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: DomainErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
  }
}
