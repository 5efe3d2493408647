import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SessionsService } from '../auth/sessions.service.js';
import { Config } from '../config/config.js';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { FanOutDriver } from '../events/fan-out.driver.js';
import type { Connection } from './connection.js';
import type { ConversationFeed } from './conversation-feed.js';
import { ConversationFeeds } from './conversation-feeds.js';
import { MembershipAudit } from './membership-audit.js';
import { Rooms } from './rooms.js';

/** At most this while the node does not hear the others. */
const EVERY_MS_WHEN_DEAF = 1_000;
const CONVERSATIONS_AT_ONCE = 500;
const SESSIONS_AT_ONCE = 1_000;

/**
 * Compares what this node believes with the database, for what the bus may have lost: conversations
 * that have gone on, and sessions that have ended (P8: within 15 s even if the bus is dead).
 *
 * Each turn checks every session that has a socket here, and a bounded number of conversations, one
 * after the other. A turn that fails is told to the log, and the next one comes all the same.
 */
@Injectable()
export class Audit implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(Audit.name);
  private round: Iterator<[string, ConversationFeed], undefined> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly rooms: Rooms,
    private readonly feeds: ConversationFeeds,
    private readonly sessions: SessionsService,
    private readonly conversations: ConversationsAccess,
    private readonly memberships: MembershipAudit,
    private readonly fanOut: FanOutDriver,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.scheduleTurn();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private scheduleTurn(): void {
    if (this.stopped) return;
    const { auditMs } = this.config;
    const pause = this.fanOut.healthy ? auditMs : Math.min(auditMs, EVERY_MS_WHEN_DEAF);
    this.timer = setTimeout(() => void this.turn().then(() => this.scheduleTurn()), pause);
  }

  private async turn(): Promise<void> {
    const checks = await Promise.allSettled([
      this.checkSessions(),
      this.checkConversations(),
      this.memberships.check(),
    ]);
    for (const check of checks) {
      if (check.status === 'rejected') this.logger.warn(`The audit failed: ${String(check.reason)}`);
    }
  }

  private async checkSessions(): Promise<void> {
    const bySession = new Map<string, Connection[]>();
    for (const { data: connection } of this.rooms.all()) {
      const { sessionId } = connection.actor;
      const connections = bySession.get(sessionId);
      if (connections === undefined) bySession.set(sessionId, [connection]);
      else connections.push(connection);
    }
    const ids = [...bySession.keys()];
    for (let from = 0; from < ids.length; from += SESSIONS_AT_ONCE) {
      const ended = await this.sessions.findEnded(ids.slice(from, from + SESSIONS_AT_ONCE));
      for (const id of ended) for (const connection of bySession.get(id) ?? []) connection.end('session_revoked');
    }
  }

  private async checkConversations(): Promise<void> {
    const turn = this.nextConversations();
    if (turn.size === 0) return;
    const heads = await this.conversations.listHeads([...turn.keys()]);
    for (const [id, { lastSeq }] of heads) turn.get(id)?.expect(lastSeq);
  }

  /** The next few feeds; a round that has come to its end begins anew with the next turn. */
  private nextConversations(): Map<string, ConversationFeed> {
    const turn = new Map<string, ConversationFeed>();
    const round = (this.round ??= this.feeds.entries());
    while (turn.size < CONVERSATIONS_AT_ONCE) {
      const { value, done } = round.next();
      if (done === true) {
        this.round = null;
        break;
      }
      turn.set(value[0], value[1]);
    }
    return turn;
  }
}
