import { Injectable } from '@nestjs/common';
import type { MessagePage, MessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { MESSAGE_COLUMNS, toMessageView, type MessageRow } from '../conversations/timeline.access.js';

/** What of a conversation somebody may read. */
export interface Range {
  conversationId: string;
  /** Nothing below this is shown. */
  visibleFromSeq: number;
  /** Nor anything above this: where the conversation was when they were found to be a member. */
  lastSeq: number;
  limit: number;
}

const VISIBLE = 'm.seq >= $2 AND m.seq <= $3';
const visible = (range: Range): unknown[] => [range.conversationId, range.visibleFromSeq, range.lastSeq];

/** Reads messages by their number: a page costs the same wherever it is. */
@Injectable()
export class MessagesQueries {
  constructor(private readonly dataSource: DataSource) {}

  async find(conversationId: string, seq: number): Promise<MessageView | null> {
    const rows = await this.rows('m.seq = $2', 'm.seq', 1, [conversationId, seq]);
    return rows[0] ?? null;
  }

  /** Messages with `afterSeq < seq <= toSeq`, ascending. */
  async between(conversationId: string, afterSeq: number, toSeq: number, limit: number): Promise<MessageView[]> {
    return this.rows('m.seq > $2 AND m.seq <= $3', 'm.seq', limit, [conversationId, afterSeq, toSeq]);
  }

  /** The newest page, or the page before a number. */
  async pageBefore(range: Range, before: number | null): Promise<MessagePage> {
    const older = await this.older(range, before ?? range.lastSeq + 1, range.limit + 1);
    const items = older.slice(0, range.limit).reverse();
    const hasNewer = before !== null && (await this.exists(range, 'm.seq >= $4', before));
    return {
      items,
      before: older.length > range.limit ? (items[0]?.seq ?? null) : null,
      after: hasNewer ? (items.at(-1)?.seq ?? before - 1) : null,
    };
  }

  /** The page after a number. */
  async pageAfter(range: Range, after: number): Promise<MessagePage> {
    const newer = await this.newer(range, after, range.limit + 1);
    const items = newer.slice(0, range.limit);
    const hasOlder = await this.exists(range, 'm.seq <= $4', after);
    return {
      items,
      before: hasOlder ? (items[0]?.seq ?? after + 1) : null,
      after: newer.length > range.limit ? (items.at(-1)?.seq ?? null) : null,
    };
  }

  /** A page with `around` in the middle, or as near to it as the ends allow. */
  async pageAround(range: Range, around: number): Promise<MessagePage> {
    const half = Math.floor(range.limit / 2);
    const [older, newer] = await Promise.all([
      this.older(range, around, range.limit + 1),
      this.newer(range, around - 1, range.limit + 1),
    ]);
    const takeNewer = Math.min(newer.length, Math.max(range.limit - half, range.limit - older.length));
    const takeOlder = Math.min(older.length, range.limit - takeNewer);
    const items = [...older.slice(0, takeOlder).reverse(), ...newer.slice(0, takeNewer)];
    return {
      items,
      before: older.length > takeOlder ? (items[0]?.seq ?? null) : null,
      after: newer.length > takeNewer ? (items.at(-1)?.seq ?? null) : null,
    };
  }

  private older(range: Range, before: number, limit: number): Promise<MessageView[]> {
    return this.rows(`${VISIBLE} AND m.seq < $4`, 'm.seq DESC', limit, [...visible(range), before]);
  }

  private newer(range: Range, after: number, limit: number): Promise<MessageView[]> {
    return this.rows(`${VISIBLE} AND m.seq > $4`, 'm.seq', limit, [...visible(range), after]);
  }

  private async exists(range: Range, condition: string, seq: number): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `SELECT 1 FROM messages m WHERE m.conversation_id = $1 AND ${VISIBLE} AND ${condition} LIMIT 1`,
      [...visible(range), seq],
    );
    return rows.length > 0;
  }

  /** `condition` and `order` are SQL of this file, `parameters` begin with the conversation. */
  private async rows(
    condition: string,
    order: string,
    limit: number,
    parameters: readonly unknown[],
  ): Promise<MessageView[]> {
    const rows: MessageRow[] = await this.dataSource.query(
      `SELECT ${MESSAGE_COLUMNS} FROM messages m
        WHERE m.conversation_id = $1 AND ${condition} ORDER BY ${order} LIMIT ${limit}`,
      [...parameters],
    );
    return rows.map(toMessageView);
  }
}
