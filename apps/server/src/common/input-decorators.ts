import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { CURSOR_MAX_LENGTH } from './cursor.js';
import { IsText } from './text.js';

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** A UUID of any version, folded to lower case as PostgreSQL shows it. */
export function IsId(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => lower(value)),
    IsUUID('loose', { message: 'must be a UUID' }),
  );
}

/** Distinct UUIDs, from `min` to `max` of them. */
export function IsIdList(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(lower) : value)),
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    ArrayUnique({ message: 'must not name anyone twice' }),
    IsUUID('loose', { each: true, message: 'must hold UUIDs only' }),
  );
}

/** Unlike IsOptional, this lets only a missing value pass, and not null. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_input: unknown, value: unknown) => value !== undefined);
}

/** A place in a conversation. */
export function IsSeq(): PropertyDecorator {
  return applyDecorators(IsInt({ message: 'must be a whole number' }), Min(0), Max(Number.MAX_SAFE_INTEGER));
}

/** A number in a query string: made a number first, so that `limit=ten` is refused and not read as NaN. */
export function FromQuery(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
    ),
  );
}

/** `limit` of a list, described. */
export function PageLimit({ max, byDefault }: { max: number; byDefault: number }): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      example: 20,
      minimum: 1,
      maximum: max,
      default: byDefault,
      description: 'How many at most.',
    }),
    FromQuery(),
    IsInt({ message: 'must be a whole number' }),
    Min(1),
    Max(max),
  );
}

/** `cursor` of a list, described. It is checked for being one where it is unpacked. */
export function PageCursor(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      example: 'WyIyMDI2LTExLTIzIl0',
      minLength: 1,
      maxLength: CURSOR_MAX_LENGTH,
      description: '`nextCursor` of the page before.',
    }),
    IsOptional(),
    IsText({ min: 1, max: CURSOR_MAX_LENGTH }),
  );
}
