import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { ConversationChanges } from './conversation-changes.js';
import { ConversationsAccess } from './conversations.access.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsService } from './conversations.service.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { ReadPositionsService } from './read-positions.service.js';
import { TimelineAccess } from './timeline.access.js';

/** Direct and group conversations, their members and roles. */
@Module({
  imports: [UsersModule],
  controllers: [ConversationsController, MembersController],
  providers: [
    ConversationChanges,
    ConversationsAccess,
    ConversationsService,
    MembersService,
    ReadPositionsService,
    TimelineAccess,
  ],
  exports: [ConversationsAccess, ConversationsService, ReadPositionsService, TimelineAccess],
})
export class ConversationsModule {}
