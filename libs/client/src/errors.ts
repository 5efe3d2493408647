import type { ClientErrorCode, ErrorCode, FieldError, Problem } from '@parley/contracts';

interface Details {
  status?: number;
  retryable?: boolean;
  retryInMs?: number | undefined;
  fieldErrors?: readonly FieldError[];
  requestId?: string;
  cause?: unknown;
}

/** Everything that a method of the client rejects with. Decide by `code`; the message is for people. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  /** As the server's contract names it; those of `CLIENT_ERROR_CODES` are the client's own. */
  readonly code: ErrorCode | ClientErrorCode;
  /** The HTTP status; null when nothing was answered. */
  readonly status: number | null;
  /** Whether the same may succeed when it is tried again unchanged. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds, when the server says so. */
  readonly retryInMs: number | null;
  /** The fields that were not accepted. */
  readonly fieldErrors: readonly FieldError[];
  /** Names the refusal in the server's log. */
  readonly requestId: string | null;

  constructor(code: ErrorCode | ClientErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.retryable = details.retryable ?? false;
    this.retryInMs = details.retryInMs ?? null;
    this.fieldErrors = details.fieldErrors ?? [];
    this.requestId = details.requestId ?? null;
  }

  /** A refusal of the server. */
  static of({ code, detail, status, retryable, retryInMs, errors, requestId }: Problem): ParleyError {
    return new ParleyError(code, detail, { status, retryable, retryInMs, fieldErrors: errors ?? [], requestId });
  }
}

export function connectionFailed(cause?: unknown): ParleyError {
  return new ParleyError('connection_failed', 'The server cannot be reached', { retryable: true, cause });
}

export function answerMissing(): ParleyError {
  return new ParleyError('answer_missing', 'The server did not answer in time', { retryable: true });
}

export function notLoggedIn(): ParleyError {
  return new ParleyError('not_logged_in', 'Nobody is logged in');
}

export function messageDiscarded(): ParleyError {
  return new ParleyError('message_discarded', 'The message was taken back before it was sent');
}

/** Whatever was thrown, as what the client promises to throw. */
export function toParleyError(error: unknown): ParleyError {
  return error instanceof ParleyError ? error : connectionFailed(error);
}

/** Whether an object that came over the wire is a refusal. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'retryable' in value;
}
