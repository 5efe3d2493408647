import { applyDecorators } from '@nestjs/common';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** The version of a message that somebody has in front of them. It may be left out. */
export function IsVersion(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsInt({ message: 'must be a whole number' }),
    Min(1),
    Max(Number.MAX_SAFE_INTEGER),
  );
}
