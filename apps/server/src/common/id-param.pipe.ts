import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DomainError } from './domain-error.js';

const DIGITS = /^\d{1,16}$/;

/** An id in a path: a UUID of any version, folded to lower case as PostgreSQL shows it. */
@Injectable()
export class IdParam implements PipeTransform<unknown, string> {
  transform(value: unknown, { data }: ArgumentMetadata): string {
    if (typeof value !== 'string' || !isUUID(value, 'loose')) throw invalid(data, 'must be a UUID');
    return value.toLowerCase();
  }
}

/** A place in a conversation, in a path. */
@Injectable()
export class SeqParam implements PipeTransform<unknown, number> {
  transform(value: unknown, { data }: ArgumentMetadata): number {
    const seq = typeof value === 'string' && DIGITS.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(seq)) throw invalid(data, 'must be a whole number');
    return seq;
  }
}

function invalid(name: string | undefined, message: string): DomainError {
  const path = name ?? 'path';
  return new DomainError('validation_failed', `${path} ${message}`, { errors: [{ path, message }] });
}
