import { WebSocketGateway } from '@nestjs/websockets';
import { ReadPositionsService } from '../../conversations/read-positions.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';
import { MarkReadCommandDto } from '../dto/mark-read.command.dto.js';

@WebSocketGateway()
export class ConversationsGateway {
  constructor(private readonly readPositions: ReadPositionsService) {}

  @Command('conversation:read', { input: MarkReadCommandDto })
  async markRead({ actor }: Connection, { conversationId, seq }: MarkReadCommandDto): Promise<null> {
    await this.readPositions.markRead(actor, conversationId, { seq });
    return null;
  }
}
