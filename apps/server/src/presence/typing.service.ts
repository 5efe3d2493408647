import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LIMITS } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { ConversationsAccess, type Membership } from '../conversations/conversations.access.js';
import type { Position } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { UsersAccess } from '../users/users.access.js';
import { PresenceTiming } from './presence.timing.js';

const EXPIRE_EVERY_MS = 200;
/** Beyond so many people typing at once on one node, more are not told. */
const ENTRIES_MAX = 50_000;

interface Entry {
  readonly conversationId: string;
  readonly userId: string;
  typing: boolean;
  /** When it was told last that they type. */
  toldAt: number;
  /** When they said so last. */
  startedAt: number;
}

/**
 * Who is typing where. Nothing of it is stored: each node remembers those who type on its own
 * sockets for a few seconds, and tells the others over the bus.
 *
 * Between two tellings nobody asks the database about a person's rights again; that is safe, because
 * nothing is told in that time, and who is removed meanwhile is forgotten as soon as this node hears
 * of it. Covered by `typing.int-spec.ts`.
 */
@Injectable()
export class TypingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly entries = new Map<string, Entry>();
  private readonly leave: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** How many people have left conversations since the start. */
  private departures = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly conversations: ConversationsAccess,
    private readonly users: UsersAccess,
    private readonly bus: FactBus,
    private readonly timing: PresenceTiming,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.expire(), EXPIRE_EVERY_MS).unref();
    this.leave.push(
      this.bus.subscribe((change) => this.forgetThoseWho(change[0]?.position)),
      this.bus.onHint((hint) => this.forgetThoseWho(hint)),
    );
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const leave of this.leave) leave();
    this.entries.clear();
  }

  /**
   * Somebody types. Tells the conversation, at most once in `typingEveryMs`; more often is accepted
   * and told to nobody, and so it is in large groups and between people who block each other.
   * @throws DomainError `conversation_not_found`
   */
  async start(actor: Actor, conversationId: string): Promise<void> {
    if (this.prolong(actor, conversationId)) return;
    let told: boolean;
    let departures: number;
    do {
      // Somebody who left while this was asked may be the one it was asked about.
      departures = this.departures;
      const membership = await this.conversations.require(this.dataSource.manager, actor, conversationId, 'send');
      told = await this.isTold(actor, membership);
    } while (departures !== this.departures);
    // Another device of theirs may have told it in the meantime.
    if (told && !this.prolong(actor, conversationId)) this.begin(actor.userId, conversationId);
  }

  /**
   * Somebody stopped typing, which is told at once.
   * @throws DomainError `conversation_not_found`
   */
  async stop(actor: Actor, conversationId: string): Promise<void> {
    const entry = this.entries.get(keyOf(conversationId, actor.userId));
    if (entry?.typing === true) this.end(entry);
    else await this.conversations.require(this.dataSource.manager, actor, conversationId, 'send');
  }

  /** Whether it was told so recently that there is nothing to tell. */
  private prolong(actor: Actor, conversationId: string): boolean {
    const entry = this.entries.get(keyOf(conversationId, actor.userId));
    const now = performance.now();
    if (entry === undefined || now - entry.toldAt >= this.timing.typingEveryMs) return false;
    entry.startedAt = now;
    return true;
  }

  private begin(userId: string, conversationId: string): void {
    const key = keyOf(conversationId, userId);
    if (this.entries.size >= ENTRIES_MAX && !this.entries.has(key)) return;
    const now = performance.now();
    const entry: Entry = { conversationId, userId, typing: true, toldAt: now, startedAt: now };
    this.entries.set(key, entry);
    this.tell(entry);
  }

  /** The entry stays a while, so that stopping and starting again is not a way around the limit. */
  private end(entry: Entry): void {
    entry.typing = false;
    this.tell(entry);
  }

  private expire(): void {
    const now = performance.now();
    for (const [key, entry] of this.entries) {
      if (entry.typing && now - entry.startedAt >= this.timing.typingExpiresMs) this.end(entry);
      if (!entry.typing && now - entry.toldAt >= this.timing.typingEveryMs) this.entries.delete(key);
    }
  }

  private forgetThoseWho(position: Position | undefined): void {
    for (const userId of position?.left ?? []) {
      this.departures += 1;
      const key = keyOf(position?.conversationId ?? '', userId);
      const entry = this.entries.get(key);
      this.entries.delete(key);
      if (entry?.typing === true) this.end(entry);
    }
  }

  private async isTold(actor: Actor, { conversationId, peerId }: Membership): Promise<boolean> {
    const db = this.dataSource.manager;
    if (peerId !== null) return (await this.users.findBlocks(db, actor.userId, [peerId])).size === 0;
    const upTo = LIMITS.typingMembersMax + 1;
    return (await this.conversations.countMembers(db, conversationId, upTo)) < upTo;
  }

  private tell({ conversationId, userId, typing }: Entry): void {
    const payload = { conversationId, userId, typing };
    this.bus.publish([[{ type: 'typing:changed', audience: { conversationId }, payload }]]);
  }
}

function keyOf(conversationId: string, userId: string): string {
  return `${conversationId}:${userId}`;
}
