import { Injectable } from '@nestjs/common';
import type { ParleyServer } from './connection.js';
import { Connections } from './connections.js';
import { ConversationFeeds } from './conversation-feeds.js';
import { PacketGuard } from './packet-guard.js';
import { Rooms } from './rooms.js';
import { SocketAuth } from './socket-auth.js';

/** Puts together what listens to the Socket.IO server, once it exists. */
@Injectable()
export class SocketServer {
  constructor(
    private readonly guard: PacketGuard,
    private readonly auth: SocketAuth,
    private readonly connections: Connections,
    private readonly rooms: Rooms,
    private readonly feeds: ConversationFeeds,
  ) {}

  attach(io: ParleyServer): void {
    this.rooms.attach(io, (conversationId) => this.feeds.dropIfEmpty(conversationId));
    this.guard.attach(io);
    io.use(this.auth.middleware);
    io.on('connection', (socket) => this.connections.accept(socket));
  }
}
