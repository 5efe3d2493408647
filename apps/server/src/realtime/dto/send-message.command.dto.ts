import type { InConversation, SendMessage } from '@parley/contracts';
import { IsId } from '../../common/input-decorators.js';
import { SendMessageDto } from '../../messages/dto/send-message.dto.js';

/** The body of the REST twin, and the conversation that stands in its path. */
export class SendMessageCommandDto extends SendMessageDto implements InConversation, SendMessage {
  @IsId()
  conversationId: string;
}
