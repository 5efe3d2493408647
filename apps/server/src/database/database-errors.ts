import { DomainError } from '../common/domain-error.js';

/** Serialization failure and deadlock: the database undid everything and asks for another try. */
const TRY_AGAIN = new Set(['40001', '40P01']);

/** The server is going away, not there yet, full, or the connection broke. */
const CONNECTION_STATES = /^(08...|57P0[123]|53300|25P03)$/;
const CONNECTION_ERRNOS = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the driver, its pool and TypeORM say without a code. */
const CONNECTION_WORDS =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|client was closed|not queryable|query ?runner.* already released|driver not connected/i;

/**
 * Not now: a lock or a statement took too long, the disk or the memory is full, or only a standby that
 * takes no writes is there. Undone, and worth another try later.
 */
const NOT_NOW = new Set(['55P03', '57014', '53100', '53200', '25006']);

interface DatabaseErrorFields {
  code?: string;
  constraint?: string;
  message?: string;
  syscall?: string;
  driverError?: unknown;
}

function fieldsOf(error: unknown): DatabaseErrorFields {
  if (error === null || typeof error !== 'object') return {};
  const outer: DatabaseErrorFields = error;
  return outer.driverError !== null && typeof outer.driverError === 'object' ? outer.driverError : outer;
}

/** Whether the transaction was undone by a conflict and should simply run again. */
export function isRetryable(error: unknown): boolean {
  return TRY_AGAIN.has(fieldsOf(error).code ?? '');
}

/** Whether PostgreSQL is unreachable or the connection broke: what was under way may have happened. */
export function isConnectionLost(error: unknown): boolean {
  const { code = '', message = '', syscall } = fieldsOf(error);
  // A socket file that is not there: PostgreSQL is not running.
  if (code === 'ENOENT') return syscall === 'connect';
  return CONNECTION_STATES.test(code) || CONNECTION_ERRNOS.has(code) || CONNECTION_WORDS.test(message);
}

/** Whether PostgreSQL could not do it at the moment: undone for certain. */
export function isNotNow(error: unknown): boolean {
  return NOT_NOW.has(fieldsOf(error).code ?? '');
}

/** Whether somebody else held a lock for too long: undone for certain. */
export function isLockTimeout(error: unknown): boolean {
  return fieldsOf(error).code === '55P03';
}

/** Whether `constraint` was violated by a duplicate. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const fields = fieldsOf(error);
  return fields.code === '23505' && fields.constraint === constraint;
}

/** Turns what the database said about its own state into a refusal; leaves everything else alone. */
export function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (isConnectionLost(error)) {
    return new DomainError('service_unavailable', 'The database cannot be reached', { retryInMs: 1_000, cause: error });
  }
  if (isNotNow(error) || isRetryable(error)) {
    return new DomainError('service_unavailable', 'The database could not do that now', {
      retryInMs: 500,
      cause: error,
    });
  }
  return error;
}
