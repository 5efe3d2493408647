import { Injectable } from '@nestjs/common';
import { LIMITS, type ConversationSummary, type Page, type ReceiptView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { UsersAccess } from '../users/users.access.js';
import {
  findConversations,
  findSummaries,
  findSummariesPage,
  type ActivityPosition,
  type SummaryRow,
} from './conversations.queries.js';
import { toConversationView, toReceiptView, toSummary } from './conversations.view.js';
import { cutPage, encodeActivity } from './positions.js';

/** Where unread and mentions stop counting: 100 means "99+". */
const COUNT_MAX = 100;

/**
 * Conversations as one of their members sees them in a list, for the list itself and for `sync`.
 *
 * It asks nobody's leave, because it finds nothing but what the person belongs to. Everything wants the
 * `db` of a snapshot, and costs a fixed number of queries however long the page is.
 */
@Injectable()
export class SummariesAccess {
  constructor(private readonly users: UsersAccess) {}

  /** A page of one's list, by last activity, newest first. */
  async listPage(
    db: EntityManager,
    userId: string,
    after: ActivityPosition | null,
    limit: number,
  ): Promise<Page<ConversationSummary>> {
    const rows = await findSummariesPage(db, userId, after, limit + 1, COUNT_MAX);
    const { page, nextCursor } = cutPage(rows, limit, encodeActivity);
    return { items: await this.toSummaries(db, userId, page), nextCursor };
  }

  /** The first page of one's list, and behind it those of `alsoIds` that are not on it. */
  async listFirstPage(
    db: EntityManager,
    userId: string,
    alsoIds: readonly string[],
  ): Promise<Page<ConversationSummary>> {
    const limit = LIMITS.syncConversationsMax;
    const rows = await findSummariesPage(db, userId, null, limit + 1, COUNT_MAX);
    const { page, nextCursor } = cutPage(rows, limit, encodeActivity);
    const listed = new Set(page.map((row) => row.conversationId));
    const missing = alsoIds.filter((id) => !listed.has(id));
    const others = missing.length === 0 ? [] : await findSummaries(db, userId, missing, COUNT_MAX);
    return { items: await this.toSummaries(db, userId, [...page, ...others]), nextCursor };
  }

  /** Those of these conversations that the person belongs to, in the order of the list. */
  async find(db: EntityManager, userId: string, conversationIds: readonly string[]): Promise<ConversationSummary[]> {
    if (conversationIds.length === 0) return [];
    return this.toSummaries(db, userId, await findSummaries(db, userId, conversationIds, COUNT_MAX));
  }

  private async toSummaries(
    db: EntityManager,
    userId: string,
    rows: readonly SummaryRow[],
  ): Promise<ConversationSummary[]> {
    const ids = rows.map((row) => row.conversationId);
    const conversations = await findConversations(db, ids, LIMITS.membersInlineMax);
    const shown = [...conversations.values()].flatMap(({ members }) => members ?? []);
    const { users, readHiders } = await this.users.findPeople(db, new Set(shown.map((member) => member.userId)));
    return rows.map((row) => {
      const conversation = conversations.get(row.conversationId);
      if (conversation === undefined)
        throw new Error('A snapshot has a member of a conversation that it does not have');
      const receipts = conversation.members?.map((member) => toReceiptView(member, userId, readHiders)) ?? null;
      return toSummary(row, toConversationView(conversation, users), receipts?.sort(byUserId) ?? null);
    });
  }
}

function byUserId(a: ReceiptView, b: ReceiptView): number {
  return a.userId < b.userId ? -1 : 1;
}
