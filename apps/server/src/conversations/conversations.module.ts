import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { ConversationChanges } from './conversation-changes.js';
import { ConversationsAccess } from './conversations.access.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsService } from './conversations.service.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { ReceiptAnnouncements } from './receipt-announcements.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsService } from './receipts.service.js';
import { SummariesAccess } from './summaries.access.js';
import { TimelineAccess } from './timeline.access.js';

/** Direct and group conversations, their members and roles. */
@Module({
  imports: [UsersModule],
  controllers: [ConversationsController, MembersController, ReceiptsController],
  providers: [
    ConversationChanges,
    ConversationsAccess,
    ConversationsService,
    MembersService,
    ReceiptAnnouncements,
    ReceiptsService,
    SummariesAccess,
    TimelineAccess,
  ],
  exports: [ConversationsAccess, ConversationsService, ReceiptsService, SummariesAccess, TimelineAccess],
})
export class ConversationsModule {}
