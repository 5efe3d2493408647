import { Injectable } from '@nestjs/common';
import { LIMITS, type MessagePage, type MessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { prepared } from '../database/connection.js';
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

/** What took a number: the sending of a message, or the latest change of it. */
export interface NumberedMessage {
  seq: number;
  changed: boolean;
  message: MessageView;
}

const VISIBLE = 'm.conversation_id = $1 AND m.seq >= $2 AND m.seq <= $3';
const page = (condition: string, order: string): string =>
  `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE ${VISIBLE} AND ${condition} ORDER BY ${order} LIMIT $5`;
const any = (condition: string): string => `SELECT 1 FROM messages m WHERE ${VISIBLE} AND ${condition} LIMIT 1`;

const ONE_SQL = prepared(
  'message',
  `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.conversation_id = $1 AND m.seq = $2`,
);
const OLDER_SQL = prepared('messages_before', page('m.seq < $4', 'm.seq DESC'));
const NEWER_SQL = prepared('messages_after', page('m.seq > $4', 'm.seq'));
const FROM_SQL = prepared('any_message_from', any('m.seq >= $4'));
const UP_TO_SQL = prepared('any_message_up_to', any('m.seq <= $4'));

const visible = (range: Range): unknown[] => [range.conversationId, range.visibleFromSeq, range.lastSeq];

/**
 * Reads messages by their number: a page costs the same wherever it is. A page ends where it has `limit`
 * messages or {@link LIMITS.historyPageMaxBytes}, and holds one message in any case, so asking again leads on.
 */
@Injectable()
export class MessagesQueries {
  constructor(private readonly dataSource: DataSource) {}

  async find(conversationId: string, seq: number): Promise<MessageView | null> {
    const rows = await this.rows(ONE_SQL, [conversationId, seq]);
    return rows[0] ?? null;
  }

  /**
   * A message for its sender, and whether they may see it as it is: they are a member to whom it is visible,
   * or it has not changed since they were one.
   */
  async findOwn(conversationId: string, seq: number): Promise<{ message: MessageView; mayBeSeen: boolean } | null> {
    const [row]: (MessageRow & { may_be_seen: boolean })[] = await this.dataSource.query(
      `SELECT ${MESSAGE_COLUMNS},
              m.changed_seq IS NULL
              OR (sender.visible_from_seq <= m.seq AND (sender.left_seq IS NULL OR m.changed_seq < sender.left_seq))
              AS may_be_seen
         FROM messages m
         JOIN members sender ON sender.conversation_id = m.conversation_id AND sender.user_id = m.sender_id
        WHERE m.conversation_id = $1 AND m.seq = $2`,
      [conversationId, seq],
    );
    return row === undefined ? null : { message: toMessageView(row), mayBeSeen: row.may_be_seen };
  }

  /**
   * What took the numbers with `afterSeq < seq <= toSeq`, in their order. A message may come twice, for
   * its sending and for its latest change, both times as it is now.
   */
  async numbered(conversationId: string, afterSeq: number, toSeq: number, limit: number): Promise<NumberedMessage[]> {
    const rows: (MessageRow & { at: number; changed: boolean })[] = await this.dataSource.query(
      `SELECT place.at, place.changed, ${MESSAGE_COLUMNS}
         FROM (
           (SELECT t.seq, t.seq AS at, false AS changed FROM messages t
             WHERE t.conversation_id = $1 AND t.seq > $2 AND t.seq <= $3 ORDER BY t.seq LIMIT $4)
           UNION ALL
           (SELECT t.seq, t.changed_seq, true FROM messages t
             WHERE t.conversation_id = $1 AND t.changed_seq > $2 AND t.changed_seq <= $3 ORDER BY t.changed_seq LIMIT $4)
         ) place
         JOIN messages m ON m.conversation_id = $1 AND m.seq = place.seq
        ORDER BY place.at LIMIT $4`,
      [conversationId, afterSeq, toSeq, limit],
    );
    return rows.map((row) => ({ seq: row.at, changed: row.changed, message: toMessageView(row) }));
  }

  /** The newest page, or the page before a number. */
  async pageBefore(range: Range, before: number | null): Promise<MessagePage> {
    const older = await this.older(range, before ?? range.lastSeq + 1, range.limit + 1);
    const items = takeFitting(older, range.limit).reverse();
    const hasNewer = before !== null && (await this.exists(range, FROM_SQL, before));
    return {
      items,
      before: older.length > items.length ? (items[0]?.seq ?? null) : null,
      after: hasNewer ? (items.at(-1)?.seq ?? before - 1) : null,
    };
  }

  /** The page after a number. */
  async pageAfter(range: Range, after: number): Promise<MessagePage> {
    const newer = await this.newer(range, after, range.limit + 1);
    const items = takeFitting(newer, range.limit);
    const hasOlder = await this.exists(range, UP_TO_SQL, after);
    return {
      items,
      before: hasOlder ? (items[0]?.seq ?? after + 1) : null,
      after: newer.length > items.length ? (items.at(-1)?.seq ?? null) : null,
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
    // From the middle outwards, so that what does not fit is missing at the ends.
    const nearest = [...older.slice(0, takeOlder), ...newer.slice(0, takeNewer)].sort(
      (a, b) => Math.abs(a.seq - around) - Math.abs(b.seq - around),
    );
    const items = takeFitting(nearest, range.limit).sort((a, b) => a.seq - b.seq);
    const tookOlder = items.filter(({ seq }) => seq < around).length;
    return {
      items,
      before: older.length > tookOlder ? (items[0]?.seq ?? null) : null,
      after: newer.length > items.length - tookOlder ? (items.at(-1)?.seq ?? null) : null,
    };
  }

  private older(range: Range, before: number, limit: number): Promise<MessageView[]> {
    return this.rows(OLDER_SQL, [...visible(range), before, limit]);
  }

  private newer(range: Range, after: number, limit: number): Promise<MessageView[]> {
    return this.rows(NEWER_SQL, [...visible(range), after, limit]);
  }

  private async exists(range: Range, sql: string, seq: number): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(sql, [...visible(range), seq]);
    return rows.length > 0;
  }

  private async rows(sql: string, parameters: readonly unknown[]): Promise<MessageView[]> {
    const rows: MessageRow[] = await this.dataSource.query(sql, [...parameters]);
    return rows.map(toMessageView);
  }
}

/** The first of the messages, as many as a page may hold. */
function takeFitting(messages: readonly MessageView[], limit: number): MessageView[] {
  const page = messages.slice(0, limit);
  if (plainlyFit(page)) return page;
  const fitting: MessageView[] = [];
  let bytes = 0;
  for (const message of page) {
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (bytes > LIMITS.historyPageMaxBytes && fitting.length > 0) break;
    fitting.push(message);
  }
  return fitting;
}

/** What a message without reactions and data takes at most beside its text and its mentions. */
const FRAME_BYTES = 800;
/** A character takes no more than this, written as an escape. */
const UNIT_BYTES = 6;
const MENTION_BYTES = 40;

/** Whether a page is small enough without being written out to find that out, as nearly every page is. */
function plainlyFit(messages: readonly MessageView[]): boolean {
  let bytes = 0;
  for (const { body, data, mentions, reactions } of messages) {
    if (data !== null || reactions.length > 0) return false;
    bytes += FRAME_BYTES + UNIT_BYTES * (body?.length ?? 0) + MENTION_BYTES * mentions.length;
  }
  return bytes <= LIMITS.historyPageMaxBytes;
}
