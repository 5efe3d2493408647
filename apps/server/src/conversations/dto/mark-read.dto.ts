import { ApiProperty } from '@nestjs/swagger';
import type { MarkRead } from '@parley/contracts';
import { IsSeq } from '../../common/input-decorators.js';

export class MarkReadDto implements MarkRead {
  @ApiProperty({ example: 42, description: 'The seq of the last message that has been read.' })
  @IsSeq()
  seq: number;
}
