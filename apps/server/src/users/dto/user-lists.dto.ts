import { ApiProperty } from '@nestjs/swagger';
import { LIMITS } from '@parley/contracts';
import { PageCursor, PageLimit } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

/** `GET /users/me/blocks` */
export class ListBlocksQuery {
  @PageCursor()
  cursor?: string;

  @PageLimit({ max: LIMITS.listPageMax, byDefault: LIMITS.listPageDefault })
  limit?: number;
}

/** `GET /users` */
export class SearchUsersQuery extends ListBlocksQuery {
  @ApiProperty({ example: 'ad', maxLength: LIMITS.searchQueryMax, description: 'How the name begins, in any case.' })
  @IsText({ min: 1, max: LIMITS.searchQueryMax, singleLine: true })
  query: string;
}
