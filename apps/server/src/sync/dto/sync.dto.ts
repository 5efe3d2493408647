import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type SyncRequest } from '@parley/contracts';
import { IsOptional } from 'class-validator';
import { IsText } from '../../common/text.js';
import { IsCursors } from './is-cursors.js';

/** Longer than any epoch. Another text is not refused: it is the epoch of cursors that are not true any more. */
const EPOCH_MAX = 100;

export class SyncDto implements SyncRequest {
  @ApiPropertyOptional({
    type: String,
    maxLength: EPOCH_MAX,
    nullable: true,
    example: '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a',
    description: 'The epoch in which the cursors were true; with another than the present one they are not.',
  })
  @IsOptional()
  @IsText({ max: EPOCH_MAX })
  epoch?: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 0 },
    maxProperties: LIMITS.syncCursorsMax,
    example: { '01976f70-2f3e-7c11-8a6d-0b1c2d3e4f50': 42 },
    description: `By conversation the latest number that you know; ${LIMITS.syncCursorsMax} at most.`,
  })
  @IsCursors()
  cursors: Record<string, number>;
}
