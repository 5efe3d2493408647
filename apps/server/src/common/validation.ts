import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { LIMITS, type FieldError } from '@parley/contracts';
import { DomainError } from './domain-error.js';
import { compileQuickCheck, type InputClass, type QuickCheck } from './quick-validation.js';

export type { InputClass };

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
  return quickCheckOf(type)(value) ?? validateThoroughly(type, value);
}

/** The same by the libraries alone, which also know what is wrong. */
export function validateThoroughly<T extends object>(type: InputClass<T>, value: object): T {
  refuseExcess(value);
  const input = plainToInstance(type, value);
  const failures = validateSync(input, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (failures.length > 0) throw invalid(failures.flatMap((failure) => toFieldErrors(failure, '')));
  return input;
}

const quickChecks = new WeakMap<InputClass<object>, QuickCheck<object>>();

function quickCheckOf<T extends object>(type: InputClass<T>): QuickCheck<T> {
  let check = quickChecks.get(type);
  if (check === undefined) {
    check = compileQuickCheck(type);
    quickChecks.set(type, check);
  }
  return check as QuickCheck<T>;
}

/** Deeper than any input of the contract, and shallow enough to walk through. */
const MAX_DEPTH = 8;
/** More fields than any input of the contract has; unknown ones are the dearest to refuse one by one. */
const MAX_FIELDS = 20;
/** The longest list or map of the contract, and some more: one entry too many is still refused in the field's words. */
const MAX_PARTS = Math.max(LIMITS.syncCursorsMax, LIMITS.presenceWatchMax, LIMITS.memberIdsPerRequestMax) + 20;
/** Keys that class-transformer skips instead of reporting, and that no input has. */
const TRICKY_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses what must not even be looked at: more than any input holds, nesting that would exhaust the
 * stack, keys that reach for prototypes.
 *
 * What comes after copies every part and words an error for each, which costs far more than sending
 * it did; so this stops at the first part too many.
 */
function refuseExcess(input: object): void {
  let parts = 0;
  const walk = (value: unknown, depth: number, field: string): void => {
    if (value === null || typeof value !== 'object') return;
    if (depth > MAX_DEPTH) throw invalid([{ path: '', message: `must not be nested deeper than ${MAX_DEPTH}` }]);
    parts += Array.isArray(value) ? value.length : Object.keys(value).length;
    if (parts > MAX_PARTS) throw invalid([{ path: field, message: 'must not hold more than any valid input does' }]);
    for (const [key, item] of Object.entries(value)) {
      if (TRICKY_KEYS.has(key)) throw invalid([{ path: key, message: `property ${key} should not exist` }]);
      walk(item, depth + 1, depth === 1 ? key : field);
    }
  };
  if (Object.keys(input).length > MAX_FIELDS) {
    throw invalid([{ path: '', message: `must not have more than ${MAX_FIELDS} fields` }]);
  }
  walk(input, 1, '');
}

function invalid(found: FieldError[]): DomainError {
  const errors = found.slice(0, MAX_REPORTED);
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
