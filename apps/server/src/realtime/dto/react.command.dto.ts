import type { React, OnMessage } from '@parley/contracts';
import { IsId, IsSeq } from '../../common/input-decorators.js';
import { ReactDto } from '../../messages/dto/react.dto.js';

/** The input of the REST twin, and the message that stands in its path. */
export class ReactCommandDto extends ReactDto implements OnMessage, React {
  @IsId()
  conversationId: string;

  @IsSeq()
  seq: number;
}
