import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS } from '@parley/contracts';
import { IsOptional } from 'class-validator';
import { IsPageLimit } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

const CURSOR_MAX = 1_000;

/** `GET /users/me/blocks` */
export class ListBlocksQuery {
  @ApiPropertyOptional({ description: '`nextCursor` of the page before.' })
  @IsOptional()
  @IsText({ min: 1, max: CURSOR_MAX })
  cursor?: string;

  @ApiPropertyOptional({
    type: 'integer',
    example: 20,
    minimum: 1,
    maximum: LIMITS.listPageMax,
    default: LIMITS.listPageDefault,
  })
  @IsPageLimit()
  limit?: number;
}

/** `GET /users` */
export class SearchUsersQuery extends ListBlocksQuery {
  @ApiProperty({ example: 'ad', maxLength: LIMITS.searchQueryMax, description: 'How the name begins, in any case.' })
  @IsText({ min: 1, max: LIMITS.searchQueryMax, singleLine: true })
  query: string;
}
