import { LIMITS } from '@parley/contracts';
import { PageCursor, PageLimit } from '../../common/input-decorators.js';

export class PageQueryDto {
  @PageCursor()
  cursor?: string;

  @PageLimit({ max: LIMITS.listPageMax, byDefault: LIMITS.listPageDefault })
  limit?: number;
}
