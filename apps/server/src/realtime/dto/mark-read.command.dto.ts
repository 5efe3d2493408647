import type { InConversation, MarkRead } from '@parley/contracts';
import { IsId } from '../../common/input-decorators.js';
import { MarkReadDto } from '../../conversations/dto/mark-read.dto.js';

export class MarkReadCommandDto extends MarkReadDto implements InConversation, MarkRead {
  @IsId()
  conversationId: string;
}
