import { Injectable } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import { SessionsService } from '../auth/sessions.service.js';
import type { Actor } from '../common/actor.js';
import { ConversationsAccess, type Standing } from '../conversations/conversations.access.js';
import { BatchedReads } from '../database/batched-reads.js';
import { Epoch } from '../database/epoch.js';
import type { Connection } from './connection.js';
import { ConversationFeeds } from './conversation-feeds.js';
import { OutgoingPacket } from './outgoing-packet.js';
import { PacketWriter } from './packet-writer.js';

/** How long somebody who connects may wait for others who do, where many connect at once. */
const GATHER_MS = 30;

/** What somebody who connects may hear. */
interface Rights {
  /** Whether their session is over. */
  ended: boolean;
  memberships: readonly Standing[];
}

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
  private readonly rights: BatchedReads<Actor, Rights>;

  constructor(
    private readonly feeds: ConversationFeeds,
    private readonly sessions: SessionsService,
    private readonly conversations: ConversationsAccess,
    private readonly epoch: Epoch,
    private readonly writer: PacketWriter,
  ) {
    this.rights = new BatchedReads(GATHER_MS, (actors) => this.readRights(actors));
  }

  /** Rejects when the rights of the connection cannot be read. */
  async admit(connection: Connection): Promise<void> {
    const { socket, actor } = connection;
    const { ended, memberships } = await this.rights.ask(actor);
    if (connection.ending || !socket.connected) return;
    if (ended) {
      connection.end('session_revoked');
      return;
    }
    const left = connection.leftMeanwhile;
    connection.leftMeanwhile = null;
    const current = memberships.filter(({ conversationId, lastSeq }) => (left?.get(conversationId) ?? -1) <= lastSeq);
    this.feeds.enter(socket, current);
    this.welcome(connection);
  }

  private async readRights(actors: readonly Actor[]): Promise<Rights[]> {
    const [ended, memberships] = await Promise.all([
      this.sessions.findEnded(actors.map(({ sessionId }) => sessionId)),
      this.conversations.listMemberships(actors.map(({ userId }) => userId)),
    ]);
    const endedIds = new Set(ended);
    return actors.map(({ sessionId, userId }) => ({
      ended: endedIds.has(sessionId),
      memberships: memberships.get(userId) ?? [],
    }));
  }

  private welcome(connection: Connection): void {
    const { userId, sessionId } = connection.actor;
    connection.ready = true;
    const ready = { userId, sessionId, epoch: this.epoch.value, limits: LIMITS };
    this.writer.write(connection.socket, OutgoingPacket.fact('ready', ready));
    connection.commands?.release();
  }
}
