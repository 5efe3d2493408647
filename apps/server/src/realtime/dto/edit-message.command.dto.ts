import type { EditMessage, OnMessage } from '@parley/contracts';
import { IsId, IsSeq } from '../../common/input-decorators.js';
import { EditMessageDto } from '../../messages/dto/edit-message.dto.js';

/** The input of the REST twin, and the message that stands in its path. */
export class EditMessageCommandDto extends EditMessageDto implements OnMessage, EditMessage {
  @IsId()
  conversationId: string;

  @IsSeq()
  seq: number;
}
