import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SIGNALS } from '../common/signals.js';
import { ConversationsAccess, type Standing } from '../conversations/conversations.access.js';
import type { Change, Position } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { MessagesAccess } from '../messages/messages.access.js';
import type { ParleySocket } from './connection.js';
import { ConversationFeed, type FeedPorts, type MemberCheck, type PlacedChange } from './conversation-feed.js';
import { ReadReceiptsSwitches } from './read-receipts-switches.js';
import { RealtimePublisher } from './realtime.publisher.js';
import { Rooms } from './rooms.js';
import { WaitingReceipts } from './waiting-receipts.js';

/** A socket that enters a conversation when everything up to `lastSeq` has been told. */
interface Entrant {
  socket: ParleySocket;
  lastSeq: number;
}

/**
 * A feed for each conversation that has sockets on this node: what comes over the bus goes through
 * it to the sockets, in order. What has no place in a conversation is published as it comes.
 */
@Injectable()
export class ConversationFeeds implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ConversationFeeds.name);
  private readonly feeds = new Map<string, ConversationFeed>();
  private readonly entrants = new Map<string, Entrant[]>();
  private readonly receipts = new WaitingReceipts();
  private readonly switches = new ReadReceiptsSwitches();
  private unsubscribe: (() => void)[] = [];

  constructor(
    private readonly bus: FactBus,
    private readonly publisher: RealtimePublisher,
    private readonly rooms: Rooms,
    private readonly messages: MessagesAccess,
    private readonly conversations: ConversationsAccess,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = [
      this.bus.subscribe((change) => this.accept(change)),
      this.bus.onHint((position) => this.acceptHint(position)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.unsubscribe) stop();
    for (const feed of this.feeds.values()) feed.close();
    this.feeds.clear();
    this.entrants.clear();
  }

  /**
   * Brings a socket into the conversations of its person, which it can read as far as they stood. Where
   * this node is behind that, the socket enters when it has caught up: what is still to be told may be
   * from before this person joined.
   */
  enter(socket: ParleySocket, standings: readonly Standing[]): void {
    const caughtUp: string[] = [];
    for (const { conversationId, lastSeq, memberVersion } of standings) {
      const feed = this.openAt(conversationId, lastSeq, memberVersion);
      feed.arrive(memberVersion);
      if (feed.delivered >= lastSeq) {
        caughtUp.push(conversationId);
      } else {
        this.entrants.set(conversationId, [...this.entrantsOf(conversationId), { socket, lastSeq }]);
        feed.expect(lastSeq);
      }
    }
    this.rooms.enterConversations(socket, caughtUp);
  }

  /**
   * Stops serving a conversation, unless sockets of this node are in it or about to be. A feed that is
   * reading goes on to the end: it may be about to tell somebody that they have been removed.
   */
  dropIfEmpty(conversationId: string): void {
    const feed = this.feeds.get(conversationId);
    if (feed === undefined || feed.busy || this.rooms.hasConversation(conversationId)) return;
    if (this.entrants.has(conversationId)) return;
    feed.close();
    this.feeds.delete(conversationId);
    this.receipts.forget(conversationId);
  }

  /** The feeds, for the audit. */
  entries(): MapIterator<[string, ConversationFeed]> {
    return this.feeds.entries();
  }

  private accept(change: Change): void {
    const position = change[0]?.position;
    if (position === undefined) {
      this.acceptUnplaced(change);
      return;
    }
    const feed = this.feeds.get(position.conversationId) ?? this.openForJoined(position);
    // Without a feed nobody here is in the room, and only what is addressed to people can arrive.
    if (feed === undefined) this.publisher.publish(change);
    else feed.accept({ change, position });
  }

  private acceptUnplaced(change: Change): void {
    const current = this.switches.apply(change);
    if (!this.isAhead(current)) this.publisher.publish(current);
  }

  /**
   * Whether a change without a place says how far somebody has got who is ahead of what was told here. It waits
   * until that has been told: somebody in the room may have been removed by one of the numbers in between.
   */
  private isAhead(change: Change): boolean {
    const [fact] = change;
    if (fact?.type !== 'receipt:changed' || !('conversationId' in fact.audience)) return false;
    const { conversationId, deliveredSeq } = fact.payload;
    const feed = this.feeds.get(conversationId);
    if (feed === undefined || deliveredSeq <= feed.delivered) return false;
    this.receipts.keep(fact, change);
    feed.expect(deliveredSeq);
    return true;
  }

  private acceptHint(position: Position): void {
    const feed = this.feeds.get(position.conversationId) ?? this.openForJoined(position);
    feed?.expect(position.seq);
  }

  /** Whoever joins with sockets here brings a feed along, which begins with the joining. */
  private openForJoined({ conversationId, seq, memberVersion, joined = [] }: Position): ConversationFeed | undefined {
    if (!joined.some((userId) => this.rooms.hasUser(userId))) return undefined;
    return this.openAt(conversationId, seq - 1, memberVersion - 1);
  }

  private openAt(conversationId: string, deliveredSeq: number, memberVersion: number): ConversationFeed {
    const existing = this.feeds.get(conversationId);
    if (existing !== undefined) return existing;
    const feed = new ConversationFeed(this.portsOf(conversationId), deliveredSeq, memberVersion);
    this.feeds.set(conversationId, feed);
    return feed;
  }

  private portsOf(conversationId: string): FeedPorts {
    return {
      deliver: ({ change, position: { seq } }, members) => {
        this.letIn(conversationId, seq - 1);
        this.publisher.publish(change, members);
        this.letIn(conversationId, seq);
        this.tellReceipts(conversationId, seq);
        this.dropIfEmpty(conversationId);
      },
      deliverLate: (placed) => {
        void this.deliverLate(placed).catch((error: unknown) => this.failed(conversationId, error));
      },
      load: async (afterSeq, toSeq) => {
        SIGNALS.gap.tell({ numbers: toSeq - afterSeq });
        const changes = await this.messages.loadChanges(conversationId, afterSeq, toSeq);
        return changes.flatMap((change) => {
          const position = change[0]?.position;
          return position === undefined ? [] : [{ change, position }];
        });
      },
      checkMembers: (position) => this.checkMembers(position),
      failed: (error) => this.failed(conversationId, error),
      rested: () => {
        const delivered = this.feeds.get(conversationId)?.delivered ?? 0;
        this.letIn(conversationId, delivered);
        this.tellReceipts(conversationId, delivered);
        this.dropIfEmpty(conversationId);
      },
    };
  }

  private entrantsOf(conversationId: string): readonly Entrant[] {
    return this.entrants.get(conversationId) ?? [];
  }

  /** Lets in who was waiting for no more than what has been told. */
  private letIn(conversationId: string, toldSeq: number): void {
    this.keepWaiting(conversationId, ({ socket, lastSeq }) => {
      if (lastSeq > toldSeq) return socket.connected;
      if (socket.connected) this.rooms.enterConversations(socket, [conversationId]);
      return false;
    });
  }

  private tellReceipts(conversationId: string, toldSeq: number): void {
    for (const change of this.receipts.take(conversationId, toldSeq)) {
      this.publisher.publish(this.switches.apply(change));
    }
  }

  private keepWaiting(conversationId: string, decide: (entrant: Entrant) => boolean): void {
    const waiting = this.entrantsOf(conversationId);
    if (waiting.length === 0) return;
    const staying = waiting.filter(decide);
    if (staying.length > 0) this.entrants.set(conversationId, staying);
    else this.entrants.delete(conversationId);
  }

  private async checkMembers({ conversationId, seq, joined = [], left = [] }: Position): Promise<MemberCheck> {
    const inside = this.rooms.usersIn(conversationId);
    const waiting = this.entrantsOf(conversationId);
    const asked = new Set([...inside, ...waiting.map(({ socket }) => socket.data.actor.userId), ...joined]);
    const { memberVersion, joinedSeqs } = await this.conversations.filterMembers(conversationId, [...asked]);
    // NOTE: who leaves by this very change still sees it; the publisher takes them out after it.
    const belongsSince = (userId: string, since: number): boolean =>
      (joinedSeqs.get(userId) ?? Infinity) <= since || left.includes(userId);
    for (const userId of inside) {
      if (belongsSince(userId, seq)) continue;
      // Whoever came back later is let in by the change that says so: what was in between is not theirs.
      this.rooms.evict(userId, conversationId, Infinity);
      this.logger.warn(`Took somebody out of ${conversationId} before ${seq}: the notice of their removal was missed`);
    }
    this.keepWaiting(conversationId, (entrant) => {
      return !waiting.includes(entrant) || belongsSince(entrant.socket.data.actor.userId, entrant.lastSeq);
    });
    return { memberVersion, members: new Set([...joinedSeqs.keys()].filter((userId) => belongsSince(userId, seq))) };
  }

  /**
   * A socket that connected a moment ago may have read of a joining before its change came by; then
   * the joined person's other sockets are still outside and know nothing of it.
   */
  private async deliverLate({ change, position }: PlacedChange): Promise<void> {
    const { conversationId, seq, joined = [] } = position;
    const outside = joined.filter((userId) => this.rooms.outside(userId, conversationId).length > 0);
    if (outside.length === 0) return;
    const { memberVersion, joinedSeqs } = await this.conversations.filterMembers(conversationId, outside);
    this.feeds.get(conversationId)?.arrive(memberVersion);
    this.publisher.publishTo(new Set(outside.filter((userId) => (joinedSeqs.get(userId) ?? Infinity) <= seq)), change);
  }

  private failed(conversationId: string, error: unknown): void {
    this.logger.warn(`Could not read ${conversationId}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
