import { ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type HistoryQuery } from '@parley/contracts';
import { FromQuery, IsSeq, PageLimit } from '../../common/input-decorators.js';

export class HistoryQueryDto implements HistoryQuery {
  @ApiPropertyOptional({ type: 'integer', example: 42, description: 'The page of messages with a lower seq.' })
  @FromQuery()
  @IsSeq()
  before?: number;

  @ApiPropertyOptional({ type: 'integer', example: 42, description: 'The page of messages with a higher seq.' })
  @FromQuery()
  @IsSeq()
  after?: number;

  @ApiPropertyOptional({ type: 'integer', example: 42, description: 'The page with this seq in the middle.' })
  @FromQuery()
  @IsSeq()
  around?: number;

  @PageLimit({ max: LIMITS.historyPageMax, byDefault: LIMITS.historyPageDefault })
  limit?: number;
}
