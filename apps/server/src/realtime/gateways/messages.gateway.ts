import { WebSocketGateway } from '@nestjs/websockets';
import type { SentMessageView } from '@parley/contracts';
import { MessagesService } from '../../messages/messages.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';
import { SendMessageCommandDto } from '../dto/send-message.command.dto.js';

@WebSocketGateway()
export class MessagesGateway {
  constructor(private readonly messages: MessagesService) {}

  // NOTE: pipelined, because the appender gives out numbers in the order in which sends were started.
  @Command('message:send', { input: SendMessageCommandDto, pipelined: true, limit: 'send' })
  async send({ actor }: Connection, { conversationId, ...message }: SendMessageCommandDto): Promise<SentMessageView> {
    return this.messages.send(actor, conversationId, message);
  }
}
