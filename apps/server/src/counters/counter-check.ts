import type { ConversationSummary } from '@parley/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { SummariesAccess } from '../conversations/summaries.access.js';
import { readSnapshot } from '../database/snapshot.js';
import { checkConversation, type ConversationFacts } from './conversation-rules.js';
import {
  listConversations,
  listMemberships,
  listUsers,
  readConversation,
  readUnseen,
  type UnseenMessage,
} from './counters.queries.js';
import type { Difference } from './difference.js';

const PAGE = 100;
/** Where unread and mentions stop counting: 100 means "99+". */
const COUNT_MAX = 100;

/** What has been compared. */
export interface CheckedCounts {
  users: number;
  memberships: number;
  conversations: number;
  messages: number;
}

/**
 * Compares every number that the server derives with a recount.
 *
 * Unread and mentions of every member are shown by the server's own queries, and recounted here message by
 * message, from what the messages themselves say. The numbers of a conversation (its head, its positions,
 * its mentions and reactions) are held against each other. Each person and each conversation is read as of
 * one moment, so a server may be at work meanwhile. It changes nothing, and its memory does not grow with
 * the database.
 */
export class CounterCheck {
  readonly counts: CheckedCounts = { users: 0, memberships: 0, conversations: 0, messages: 0 };

  constructor(
    private readonly dataSource: DataSource,
    private readonly summaries: SummariesAccess,
  ) {}

  /** Every difference, as it is found. */
  async *run(): AsyncGenerator<Difference> {
    yield* this.checkLists();
    yield* this.checkConversations();
  }

  private async *checkLists(): AsyncGenerator<Difference> {
    for (let page = await listUsers(this.dataSource, null, PAGE); page.length > 0;) {
      for (const userId of page) yield* await this.checkListOf(userId);
      page = await listUsers(this.dataSource, page.at(-1) ?? null, PAGE);
    }
  }

  private async checkListOf(userId: string): Promise<Difference[]> {
    this.counts.users += 1;
    return readSnapshot(this.dataSource, async (db) => {
      const ids = await listMemberships(db, userId);
      const differences: Difference[] = [];
      for (let from = 0; from < ids.length; from += PAGE) {
        const summaries = await this.summaries.find(db, userId, ids.slice(from, from + PAGE));
        for (const summary of summaries) differences.push(...(await this.checkSummary(db, userId, summary)));
      }
      return differences;
    });
  }

  private async checkSummary(db: EntityManager, userId: string, summary: ConversationSummary): Promise<Difference[]> {
    this.counts.memberships += 1;
    const { id } = summary.conversation;
    const seen = Math.max(summary.readSeq, summary.visibleFromSeq - 1);
    const unseen = (await readUnseen(db, id, seen)).filter((message) => isUnread(message, userId));
    const mentioning = unseen.filter(
      ({ mentioned, mentionsAll }) => mentionsAll || mentioned?.includes(userId) === true,
    );
    const place = `user ${userId}, conversation ${id}`;
    const { members, memberCount } = summary.conversation;
    return [
      { place, what: 'members', shown: memberCount, recounted: members?.length ?? memberCount },
      { place, what: 'unread', shown: summary.unread, recounted: Math.min(unseen.length, COUNT_MAX) },
      { place, what: 'mentions', shown: summary.mentions, recounted: Math.min(mentioning.length, COUNT_MAX) },
    ].filter(({ shown, recounted }) => shown !== recounted);
  }

  private async *checkConversations(): AsyncGenerator<Difference> {
    for (let page = await listConversations(this.dataSource, null, PAGE); page.length > 0;) {
      for (const id of page) {
        const facts: ConversationFacts = await readSnapshot(this.dataSource, (db) => readConversation(db, id));
        this.counts.conversations += 1;
        this.counts.messages += facts.messages;
        yield* checkConversation(facts);
      }
      page = await listConversations(this.dataSource, page.at(-1) ?? null, PAGE);
    }
  }
}

function isUnread({ senderId, kind, isDeleted }: UnseenMessage, userId: string): boolean {
  return senderId !== userId && kind === 'text' && !isDeleted;
}
