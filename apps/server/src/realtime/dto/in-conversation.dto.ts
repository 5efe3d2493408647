import type { InConversation } from '@parley/contracts';
import { IsId } from '../../common/input-decorators.js';

export class InConversationDto implements InConversation {
  @IsId()
  conversationId: string;
}
