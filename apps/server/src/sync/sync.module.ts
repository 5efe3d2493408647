import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { SyncController } from './sync.controller.js';
import { SyncService } from './sync.service.js';

/** What a client missed, across its conversations. */
@Module({
  imports: [ConversationsModule, MessagesModule],
  controllers: [SyncController],
  providers: [SyncService],
  exports: [SyncService],
})
export class SyncModule {}
