import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { UsersModule } from '../users/users.module.js';
import { DeltasAccess } from './deltas.access.js';
import { MentionsAccess } from './mentions.access.js';
import { MessageAppender } from './message-appender.js';
import { MessageChangesController } from './message-changes.controller.js';
import { MessageChangesService } from './message-changes.service.js';
import { MessagesAccess } from './messages.access.js';
import { MessagesController } from './messages.controller.js';
import { MessagesQueries } from './messages.queries.js';
import { MessagesService } from './messages.service.js';

/** Sending messages, history, and what becomes of messages later. */
@Module({
  imports: [ConversationsModule, UsersModule],
  controllers: [MessagesController, MessageChangesController],
  providers: [
    DeltasAccess,
    MentionsAccess,
    MessageAppender,
    MessageChangesService,
    MessagesAccess,
    MessagesQueries,
    MessagesService,
  ],
  exports: [DeltasAccess, MessageAppender, MessageChangesService, MessagesAccess, MessagesService],
})
export class MessagesModule {}
