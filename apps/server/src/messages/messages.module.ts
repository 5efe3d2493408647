import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MessageAppender } from './message-appender.js';
import { MessagesAccess } from './messages.access.js';
import { MessagesController } from './messages.controller.js';
import { MessagesQueries } from './messages.queries.js';
import { MessagesService } from './messages.service.js';

/** Sending and history. */
@Module({
  imports: [ConversationsModule],
  controllers: [MessagesController],
  providers: [MessageAppender, MessagesAccess, MessagesQueries, MessagesService],
  exports: [MessageAppender, MessagesAccess, MessagesService],
})
export class MessagesModule {}
