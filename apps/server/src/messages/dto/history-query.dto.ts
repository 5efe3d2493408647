import { ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type HistoryQuery } from '@parley/contracts';
import { FromQuery, IsPageLimit, IsSeq } from '../../common/input-decorators.js';

export class HistoryQueryDto implements HistoryQuery {
  @ApiPropertyOptional({ type: Number, description: 'The page of messages with a lower seq.' })
  @FromQuery()
  @IsSeq()
  before?: number;

  @ApiPropertyOptional({ type: Number, description: 'The page of messages with a higher seq.' })
  @FromQuery()
  @IsSeq()
  after?: number;

  @ApiPropertyOptional({ type: Number, description: 'The page with this seq in the middle.' })
  @FromQuery()
  @IsSeq()
  around?: number;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: LIMITS.historyPageMax, default: LIMITS.historyPageDefault })
  @IsPageLimit(LIMITS.historyPageMax)
  limit?: number;
}
