import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { UsersModule } from '../users/users.module.js';
import { ConnectionWriter } from './connection-writer.js';
import { NodeLease } from './leases.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { PresenceSweep } from './presence-sweep.js';
import { PresenceController } from './presence.controller.js';
import { PresenceService } from './presence.service.js';
import { DEFAULT_TIMING, PresenceTiming } from './presence.timing.js';
import { TypingService } from './typing.service.js';

/** Who is online, and who is typing. */
@Module({
  imports: [ConversationsModule, UsersModule],
  controllers: [PresenceController],
  providers: [
    ConnectionWriter,
    NodeLease,
    PresenceAnnouncer,
    PresenceService,
    PresenceSweep,
    TypingService,
    { provide: PresenceTiming, useValue: DEFAULT_TIMING },
  ],
  exports: [PresenceService, TypingService],
})
export class PresenceModule {}
