import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { SyncModule } from '../sync/sync.module.js';
import { Admission } from './admission.js';
import { Audit } from './audit.js';
import { CommandDispatcher } from './command-dispatcher.js';
import { CommandTable } from './command-table.js';
import { Connections } from './connections.js';
import { ConversationFeeds } from './conversation-feeds.js';
import { ConnectionGateway } from './gateways/connection.gateway.js';
import { ConversationsGateway } from './gateways/conversations.gateway.js';
import { MessagesGateway } from './gateways/messages.gateway.js';
import { PresenceGateway } from './gateways/presence.gateway.js';
import { SyncGateway } from './gateways/sync.gateway.js';
import { MembershipAudit } from './membership-audit.js';
import { PacketGuard } from './packet-guard.js';
import { PacketWriter } from './packet-writer.js';
import { PresenceWatching } from './presence-watching.js';
import { RealtimeDrain } from './realtime-drain.js';
import { RealtimePublisher } from './realtime.publisher.js';
import { Refusals } from './refusals.js';
import { RoomBroadcast } from './room-broadcast.js';
import { Rooms } from './rooms.js';
import { SocketAuth } from './socket-auth.js';
import { SocketServer } from './socket-server.js';
import { SocketSweep } from './socket-sweep.js';
import { TokenRefresh } from './token-refresh.js';

/** Socket.IO over the same services. Nobody imports this module. */
@Module({
  imports: [DiscoveryModule, AuthModule, ConversationsModule, MessagesModule, PresenceModule, SyncModule],
  providers: [
    ConnectionGateway,
    ConversationsGateway,
    MessagesGateway,
    PresenceGateway,
    SyncGateway,
    // in: who may connect, and what they ask for
    SocketServer,
    SocketAuth,
    PacketGuard,
    Connections,
    Admission,
    CommandTable,
    CommandDispatcher,
    Refusals,
    TokenRefresh,
    // out: what happened, to whom it concerns
    Rooms,
    PacketWriter,
    RoomBroadcast,
    RealtimePublisher,
    ConversationFeeds,
    PresenceWatching,
    // upkeep
    SocketSweep,
    Audit,
    MembershipAudit,
    RealtimeDrain,
  ],
})
export class RealtimeModule {}
