import { applyDecorators } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

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

/** `limit` of a list. */
export function IsPageLimit(max: number = LIMITS.listPageMax): PropertyDecorator {
  return applyDecorators(FromQuery(), IsInt({ message: 'must be a whole number' }), Min(1), Max(max));
}
