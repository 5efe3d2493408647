import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '@parley/contracts';
import { DomainError } from './domain-error.js';

export type InputClass<T extends object> = new () => T;

/** Enough to mend a form; a body of ten thousand unknown fields does not get ten thousand sentences back. */
const MAX_REPORTED = 20;

/**
 * Turns what a client sent into a validated input. REST and sockets both come through here, so the
 * same input is accepted or refused in the same words.
 * @throws DomainError `validation_failed` with one entry for each wrong or unknown field.
 */
export function validateInput<T extends object>(type: InputClass<T>, value: unknown): T {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalid([{ path: '', message: 'must be one object' }]);
  }
  refuseTricks(value);
  const input = plainToInstance(type, value);
  const failures = validateSync(input, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (failures.length > 0)
    throw invalid(failures.slice(0, MAX_REPORTED).flatMap((failure) => toFieldErrors(failure, '')));
  return input;
}

/** Deeper than any input of the contract, and shallow enough to walk through. */
const MAX_DEPTH = 8;
/** Keys that class-transformer skips instead of reporting, and that no input has. */
const TRICKY_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Refuses what must not even be looked at: nesting that would exhaust the stack, keys that reach for prototypes. */
function refuseTricks(value: unknown, depth = 1): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > MAX_DEPTH) throw invalid([{ path: '', message: `must not be nested deeper than ${MAX_DEPTH}` }]);
  for (const [key, item] of Object.entries(value)) {
    if (TRICKY_KEYS.has(key)) throw invalid([{ path: key, message: `property ${key} should not exist` }]);
    refuseTricks(item, depth + 1);
  }
}

function invalid(errors: FieldError[]): DomainError {
  const detail = errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  return new DomainError('validation_failed', detail, { errors });
}

function toFieldErrors(failure: ValidationError, prefix: string): FieldError[] {
  const path = `${prefix}${failure.property}`;
  const own = Object.values(failure.constraints ?? {}).map((message) => ({
    path,
    message: message.startsWith(`${failure.property} `) ? message.slice(failure.property.length + 1) : message,
  }));
  return [...own, ...(failure.children ?? []).flatMap((child) => toFieldErrors(child, `${path}.`))];
}
