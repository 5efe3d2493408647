import { ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS } from '@parley/contracts';
import { IsOptional } from 'class-validator';
import { IsPageLimit } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

const CURSOR_MAX = 1_000;

export class PageQueryDto {
  @ApiPropertyOptional({ description: '`nextCursor` of the page before.' })
  @IsOptional()
  @IsText({ min: 1, max: CURSOR_MAX })
  cursor?: string;

  @ApiPropertyOptional({ example: 20, minimum: 1, maximum: LIMITS.listPageMax, default: LIMITS.listPageDefault })
  @IsPageLimit()
  limit?: number;
}
