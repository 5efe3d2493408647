import { WebSocketGateway } from '@nestjs/websockets';
import { ReceiptsService } from '../../conversations/receipts.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';
import { MarkDeliveredCommandDto } from '../dto/mark-delivered.command.dto.js';
import { MarkReadCommandDto } from '../dto/mark-read.command.dto.js';

@WebSocketGateway()
export class ConversationsGateway {
  constructor(private readonly receipts: ReceiptsService) {}

  @Command('conversation:read', { input: MarkReadCommandDto })
  async markRead({ actor }: Connection, { conversationId, seq }: MarkReadCommandDto): Promise<null> {
    await this.receipts.markRead(actor, conversationId, { seq });
    return null;
  }

  @Command('conversation:delivered', { input: MarkDeliveredCommandDto })
  async markDelivered({ actor }: Connection, { conversationId, seq }: MarkDeliveredCommandDto): Promise<null> {
    await this.receipts.markDelivered(actor, conversationId, { seq });
    return null;
  }
}
