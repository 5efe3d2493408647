import { applyDecorators } from '@nestjs/common';
import { LIMITS, type FieldError } from '@parley/contracts';
import { Transform } from 'class-transformer';
import { IsObject } from 'class-validator';
import { DomainError } from '../../common/domain-error.js';

/** Enough to find the mistake; five hundred wrong cursors do not get five hundred sentences back. */
const MAX_REPORTED = 20;
const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Numbers by the ids of conversations. The ids are in lower case, as the server shows them, so that no
 * two keys mean one conversation.
 *
 * class-validator has no rule for what is inside such an object, and no way to say where: so the
 * entries are refused before it sees them, each with its own path.
 */
export function IsCursors(): PropertyDecorator {
  return applyDecorators(
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => {
      // What was sent, and not class-transformer's copy of it, which leaves out keys like `toString`.
      const { [key]: value } = obj;
      requireEntries(value);
      return value;
    }),
    IsObject({ message: 'must be an object' }),
  );
}

/** @throws DomainError `validation_failed` */
function requireEntries(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const errors = findErrors(Object.entries(value));
  if (errors.length === 0) return;
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new DomainError('validation_failed', detail, { errors });
}

function findErrors(entries: [id: string, seq: unknown][]): FieldError[] {
  if (entries.length > LIMITS.syncCursorsMax) {
    return [{ path: 'cursors', message: `must not hold more than ${LIMITS.syncCursorsMax}` }];
  }
  return entries
    .flatMap(([id, seq]): FieldError[] => {
      const message = findFault(id, seq);
      return message === null ? [] : [{ path: `cursors.${id.slice(0, UUID_LENGTH)}`, message }];
    })
    .slice(0, MAX_REPORTED);
}

function findFault(id: string, seq: unknown): string | null {
  if (!UUID.test(id)) return 'must have the id of a conversation as its key, in lower case';
  return Number.isSafeInteger(seq) && Number(seq) >= 0 ? null : 'must be a whole number from 0';
}
