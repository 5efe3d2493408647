import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LIMITS, type MarkDelivered, type MarkRead, type Page, type ReceiptView } from '@parley/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { readSnapshot } from '../database/snapshot.js';
import type { Tx } from '../database/transactions.js';
import { UsersAccess, type ReadReceiptsSwitch } from '../users/users.access.js';
import { ConversationsAccess } from './conversations.access.js';
import {
  findOwnReceipts,
  findReceiptsPage,
  moveDelivered,
  moveRead,
  type Place,
  type ReceiptRow,
} from './receipts.queries.js';
import { toReceiptView } from './conversations.view.js';
import { cutPage, decodeUser, encodeUser, type PageQuery } from './positions.js';
import { ReceiptAnnouncements } from './receipt-announcements.js';

/** So many conversations hear at once that somebody shows or hides what they read; the others by `sync`. */
const TOLD_OF_SWITCH_MAX = 200;

/**
 * How far each member has got. A position only grows and is never beyond the conversation's head, so
 * two devices that tell theirs in any order end at the higher one.
 *
 * Positions are state and no entries of the number line: what is told of them is not recorded in the
 * outbox, because whoever missed it reads the position with the conversation.
 */
@Injectable()
export class ReceiptsService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: ConversationsAccess,
    private readonly users: UsersAccess,
    private readonly announcements: ReceiptAnnouncements,
  ) {}

  onModuleInit(): void {
    this.users.onReadReceiptsSwitched((tx, userId, turned) => this.tellOfSwitch(tx, userId, turned));
  }

  /**
   * Marks everything up to `seq` as read, and so as delivered. A lower position than before changes
   * nothing.
   * @throws DomainError `conversation_not_found`
   */
  async markRead(actor: Actor, conversationId: string, { seq }: MarkRead): Promise<void> {
    await this.move(actor, conversationId, (db, place) => moveRead(db, place, seq));
  }

  /**
   * Marks everything up to `seq` as arrived at a device of this person. A lower position than before
   * changes nothing.
   * @throws DomainError `conversation_not_found`
   */
  async markDelivered(actor: Actor, conversationId: string, { seq }: MarkDelivered): Promise<void> {
    await this.move(actor, conversationId, (db, place) => moveDelivered(db, place, seq));
  }

  /**
   * How far the members have got, by their ids.
   * @throws DomainError `conversation_not_found`
   */
  async list(actor: Actor, conversationId: string, query: PageQuery): Promise<Page<ReceiptView>> {
    const { cursor, limit = LIMITS.listPageDefault } = query;
    const afterId = cursor === undefined ? null : decodeUser(cursor);
    return readSnapshot(this.dataSource, async (db) => {
      await this.access.require(db, actor, conversationId, 'view');
      const rows = await findReceiptsPage(db, conversationId, afterId, limit + 1);
      const { page, nextCursor } = cutPage(rows, limit, encodeUser);
      const ids = page.map((row) => row.userId);
      const hidden = await this.users.findReadHiders(db, ids);
      return { items: page.map((row) => toReceiptView(row, actor.userId, hidden)), nextCursor };
    });
  }

  /** Only members are moved. Whoever was not may be one, who has been there before. */
  private async move(
    actor: Actor,
    conversationId: string,
    move: (db: EntityManager, place: Place) => Promise<ReceiptRow | null>,
  ): Promise<void> {
    const db = this.dataSource.manager;
    const moved = await move(db, { conversationId, userId: actor.userId });
    if (moved !== null) this.announcements.announce(moved);
    else await this.access.require(db, actor, conversationId, 'view');
  }

  /** Tells a person's conversations where they have got to, or that they do not tell any more. */
  private async tellOfSwitch(tx: Tx, userId: string, { shown, version }: ReadReceiptsSwitch): Promise<void> {
    const own = await findOwnReceipts(tx.manager, userId, LIMITS.receiptsMembersMax, TOLD_OF_SWITCH_MAX);
    for (const { conversationId, readSeq, deliveredSeq } of own) {
      const payload = { conversationId, userId, readSeq: shown ? readSeq : null, deliveredSeq };
      tx.record({ type: 'receipt:changed', audience: { conversationId }, payload, switchVersion: version });
    }
  }
}
