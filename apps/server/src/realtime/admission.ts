import { Injectable } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import { SessionsService } from '../auth/sessions.service.js';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { Epoch } from '../database/epoch.js';
import type { Connection } from './connection.js';
import { ConversationFeeds } from './conversation-feeds.js';
import { Rooms } from './rooms.js';

/**
 * Brings a socket into the rooms of its conversations, and tells it that it is ready.
 *
 * A socket hears before it reads: it is in the rooms of its person and session before the session and
 * the memberships are read here. A revocation or a removal that commits before the read is in what is
 * read; one that commits later is heard. The other order would have a moment in between that nobody
 * sees.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly rooms: Rooms,
    private readonly feeds: ConversationFeeds,
    private readonly sessions: SessionsService,
    private readonly conversations: ConversationsAccess,
    private readonly epoch: Epoch,
  ) {}

  /** Rejects when the rights of the connection cannot be read. */
  async admit(connection: Connection): Promise<void> {
    const { socket, actor } = connection;
    const [ended, memberships] = await Promise.all([
      this.sessions.findEnded([actor.sessionId]),
      this.conversations.listMemberships(actor.userId),
    ]);
    if (connection.ending || !socket.connected) return;
    if (ended.length > 0) {
      connection.end('session_revoked');
      return;
    }
    const left = connection.leftMeanwhile;
    connection.leftMeanwhile = null;
    const current = memberships.filter(({ conversationId, lastSeq }) => (left?.get(conversationId) ?? -1) <= lastSeq);
    for (const membership of current) this.feeds.open(membership);
    const ids = current.map(({ conversationId }) => conversationId);
    this.rooms.enterConversations(socket, ids);
    this.welcome(connection);
  }

  private welcome(connection: Connection): void {
    const { userId, sessionId } = connection.actor;
    connection.ready = true;
    connection.socket.emit('ready', { userId, sessionId, epoch: this.epoch.value, limits: LIMITS });
    connection.commands?.release();
  }
}
