import type { InConversation, MarkDelivered } from '@parley/contracts';
import { IsId } from '../../common/input-decorators.js';
import { MarkDeliveredDto } from '../../conversations/dto/mark-delivered.dto.js';

export class MarkDeliveredCommandDto extends MarkDeliveredDto implements InConversation, MarkDelivered {
  @IsId()
  conversationId: string;
}
