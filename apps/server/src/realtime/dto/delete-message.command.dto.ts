import type { DeleteMessage, OnMessage } from '@parley/contracts';
import { IsId, IsSeq } from '../../common/input-decorators.js';
import { DeleteMessageDto } from '../../messages/dto/delete-message.dto.js';

/** The input of the REST twin, and the message that stands in its path. */
export class DeleteMessageCommandDto extends DeleteMessageDto implements OnMessage, DeleteMessage {
  @IsId()
  conversationId: string;

  @IsSeq()
  seq: number;
}
