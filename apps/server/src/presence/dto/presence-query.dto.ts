import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type WatchPresence } from '@parley/contracts';
import { Transform } from 'class-transformer';
import { IsIdList } from '../../common/input-decorators.js';

/** `userIds=a,b`, `userIds=a&userIds=b`, or both; somebody named twice counts once. */
function splitList(value: unknown): unknown {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  if (!parts.every((part) => typeof part === 'string')) return value;
  const ids = parts.flatMap((part) => part.split(',')).map((id) => id.trim().toLowerCase());
  return [...new Set(ids)];
}

export class PresenceQueryDto implements WatchPresence {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: LIMITS.presenceWatchMax,
    example: ['0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718'],
    description: 'Whom to ask about: separated by commas, or the parameter repeated.',
  })
  @Transform(({ value }: { value: unknown }) => splitList(value))
  @IsIdList(1, LIMITS.presenceWatchMax)
  userIds: string[];
}
