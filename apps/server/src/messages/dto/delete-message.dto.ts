import { ApiPropertyOptional } from '@nestjs/swagger';
import type { DeleteMessage } from '@parley/contracts';
import { FromQuery } from '../../common/input-decorators.js';
import { IsVersion } from './is-version.js';

export class DeleteMessageDto implements DeleteMessage {
  @ApiPropertyOptional({
    type: 'integer',
    example: 1,
    description: 'The version that was seen: when the message has another by now, the deletion is refused.',
  })
  @IsVersion()
  version?: number;
}

/** The same from a query string, where everything is text. */
export class DeleteMessageQueryDto extends DeleteMessageDto {
  @FromQuery()
  override version?: number;
}
