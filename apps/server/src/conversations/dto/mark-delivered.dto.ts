import { ApiProperty } from '@nestjs/swagger';
import type { MarkDelivered } from '@parley/contracts';
import { IsSeq } from '../../common/input-decorators.js';

export class MarkDeliveredDto implements MarkDelivered {
  @ApiProperty({ example: 42, description: 'The seq of the last message that has arrived.' })
  @IsSeq()
  seq: number;
}
