import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { PresenceState, PresenceView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { ConversationsAccess } from '../conversations/conversations.access.js';
import { UsersAccess } from '../users/users.access.js';
import { ConnectionWriter } from './connection-writer.js';
import { NodeLease } from './leases.js';
import { toPresenceViews } from './presence-changes.js';
import { PresenceSweep } from './presence-sweep.js';
import { findStates } from './presence.queries.js';
import { PresenceTiming } from './presence.timing.js';

/**
 * Who is online. It takes note of this node's connections and answers who may see whom; the lease,
 * the writing and the sweep that keep it true are classes of their own. It does not know who watches
 * whom: that is `realtime`, which delivers `presence:changed` to those who do.
 */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PresenceService.name);
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersAccess,
    private readonly conversations: ConversationsAccess,
    private readonly lease: NodeLease,
    private readonly writer: ConnectionWriter,
    private readonly sweep: PresenceSweep,
    private readonly timing: PresenceTiming,
  ) {}

  onApplicationBootstrap(): void {
    this.lease.start(() => this.writer.rewriteAll());
    this.sweep.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  /** A device has connected: its person is online at once. */
  connected({ connectionId, actor }: { connectionId: string; actor: Actor }): void {
    this.writer.open(connectionId, actor);
  }

  /** A device has gone: its person is offline after the grace period, unless they come back. */
  disconnected(connectionId: string): void {
    this.writer.close(connectionId);
  }

  /** A device says whether somebody sits before it. */
  setState(connectionId: string, state: Exclude<PresenceState, 'offline'>): void {
    this.writer.setState(connectionId, state);
  }

  /**
   * Those of `userIds` whom the actor may watch, and how they are now. `begin` is called with them
   * before their state is read: who starts watching there misses no change in between.
   */
  async watch(
    actor: Actor,
    userIds: readonly string[],
    begin: (watched: readonly string[]) => void = () => undefined,
  ): Promise<{ watched: string[]; items: PresenceView[] }> {
    const watched = await this.filterVisible(actor, userIds);
    begin(watched);
    const online = await findStates(this.dataSource.manager, watched, this.timing.graceMs);
    const states = new Map(watched.map((userId) => [userId, online.get(userId) ?? 'offline']));
    return { watched, items: await toPresenceViews(this.dataSource.manager, this.users, states) };
  }

  /** How those of `userIds` are whom the actor may see. */
  async get(actor: Actor, userIds: readonly string[]): Promise<{ items: PresenceView[] }> {
    const { items } = await this.watch(actor, userIds);
    return { items };
  }

  /**
   * Those of `userIds` whom this person may see: oneself, and people one shares a conversation with,
   * unless one of the two blocks the other. Whom one may see, they may see in turn.
   */
  async filterVisible({ userId: self }: Pick<Actor, 'userId'>, userIds: readonly string[]): Promise<string[]> {
    const others = userIds.filter((userId) => userId !== self);
    const shared = await this.conversations.shareConversation(self, others);
    const blocked = await this.users.findBlocks(this.dataSource.manager, self, [...shared]);
    return userIds.filter((userId) => userId === self || (shared.has(userId) && !blocked.has(userId)));
  }

  /**
   * Ends this node's part, so that the grace period of everybody connected to it begins now and not
   * when the lease runs out. Never rejects: if the database is gone, the lease runs out.
   */
  stop(): Promise<void> {
    this.stopping ??= this.giveUp().catch((error: unknown) => {
      this.logger.warn(`The lease of this node could not be given up: ${String(error)}`);
    });
    return this.stopping;
  }

  private async giveUp(): Promise<void> {
    await Promise.all([this.sweep.stop(), this.writer.stop()]);
    await this.lease.giveUp();
  }
}
