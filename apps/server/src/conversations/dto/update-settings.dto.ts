import { ApiPropertyOptional } from '@nestjs/swagger';
import type { UpdateConversationSettings } from '@parley/contracts';
import { IsBoolean, ValidateBy, ValidateIf } from 'class-validator';
import { IfGiven } from '../../common/input-decorators.js';

/** Date and time with an offset. `Date` alone would guess a missing offset and roll 30 February over. */
const TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function isTime(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const day = TIME.exec(value)?.[1];
  if (day === undefined || !(Date.parse(value) >= 0)) return false;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

export class UpdateSettingsDto implements UpdateConversationSettings {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2030-01-01T08:00:00.000Z',
    description: 'Mutes until this time, from 1970 on; null unmutes.',
  })
  @ValidateIf((_input: unknown, value: unknown) => value !== undefined && value !== null)
  @ValidateBy({
    name: 'isTime',
    validator: { validate: isTime, defaultMessage: () => 'must be an ISO 8601 time with an offset, or null' },
  })
  mutedUntil?: string | null;

  @ApiPropertyOptional({ example: true })
  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  pinned?: boolean;

  @ApiPropertyOptional({ example: false })
  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  archived?: boolean;
}
