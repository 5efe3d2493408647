import { WebSocketGateway } from '@nestjs/websockets';
import type { MessageView, SentMessageView } from '@parley/contracts';
import { MessageChangesService } from '../../messages/message-changes.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';
import { DeleteMessageCommandDto } from '../dto/delete-message.command.dto.js';
import { EditMessageCommandDto } from '../dto/edit-message.command.dto.js';
import { ReactCommandDto } from '../dto/react.command.dto.js';
import { SendMessageCommandDto } from '../dto/send-message.command.dto.js';

@WebSocketGateway()
export class MessagesGateway {
  constructor(
    private readonly messages: MessagesService,
    private readonly changes: MessageChangesService,
  ) {}

  // NOTE: pipelined, because the appender gives out numbers in the order in which sends were started.
  @Command('message:send', { input: SendMessageCommandDto, pipelined: true, limit: 'send' })
  async send({ actor }: Connection, message: SendMessageCommandDto): Promise<SentMessageView> {
    return this.messages.send(actor, message.conversationId, message);
  }

  @Command('message:edit', { input: EditMessageCommandDto })
  async edit({ actor }: Connection, { conversationId, seq, ...input }: EditMessageCommandDto): Promise<MessageView> {
    return this.changes.edit(actor, conversationId, seq, input);
  }

  @Command('message:delete', { input: DeleteMessageCommandDto })
  async delete(
    { actor }: Connection,
    { conversationId, seq, ...input }: DeleteMessageCommandDto,
  ): Promise<MessageView> {
    return this.changes.delete(actor, conversationId, seq, input);
  }

  @Command('reaction:add', { input: ReactCommandDto })
  async addReaction({ actor }: Connection, { conversationId, seq, emoji }: ReactCommandDto): Promise<MessageView> {
    return this.changes.addReaction(actor, conversationId, seq, emoji);
  }

  @Command('reaction:remove', { input: ReactCommandDto })
  async removeReaction({ actor }: Connection, { conversationId, seq, emoji }: ReactCommandDto): Promise<MessageView> {
    return this.changes.removeReaction(actor, conversationId, seq, emoji);
  }
}
