import { Injectable } from '@nestjs/common';
import { LIMITS, type MessagePage, type MessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { ConversationsAccess, VIEWER_SQL } from '../conversations/conversations.access.js';
import {
  MESSAGE_COLUMNS,
  readMessageValues,
  toMessageView,
  type MessageRow,
  type MessageValues,
} from '../conversations/timeline.access.js';
import { preparedAsValues } from '../database/connection.js';

/** Whose page of what. */
export interface PageOf {
  actor: Actor;
  conversationId: string;
  limit: number;
}

/** How many messages at most on each side of a number. */
interface Counts {
  older: number;
  newer: number;
}

/** The row of a conversation without a message. */
type Nothing = null[];

/** Messages on both sides of a number, the nearest first; it belongs to the newer ones itself. */
interface Surroundings {
  older: MessageView[];
  newer: MessageView[];
}

/** What took a number: the sending of a message, or the latest change of it. */
export interface NumberedMessage {
  seq: number;
  changed: boolean;
  message: MessageView;
}

/** A constant that bounds a page, so that PostgreSQL knows how little it reads. */
const AT_MOST = LIMITS.historyPageMax + 1;
const side = (condition: string, order: string, limit: string): string =>
  `SELECT ${MESSAGE_COLUMNS} FROM (
     SELECT * FROM messages
      WHERE conversation_id = $1 AND seq >= viewer.visible_from_seq AND ${condition}
      ORDER BY ${order} LIMIT ${AT_MOST}) m
    ORDER BY m.${order} LIMIT ${limit}`;

/**
 * The $4 messages before a number and the $5 from there on, of somebody who may view the conversation. No row
 * when they may not, and a row of nulls when there is nothing for them.
 *
 * One statement, and so one moment: whoever is removed is shown nothing that came afterwards.
 */
const SURROUNDINGS_SQL = preparedAsValues(
  'messages_around',
  `SELECT found.*
     FROM (${VIEWER_SQL}) viewer
     LEFT JOIN LATERAL ((${side('seq < $3', 'seq DESC', '$4')}) UNION ALL (${side('seq >= $3', 'seq', '$5')})) found
       ON true`,
);
/** Beyond the number of any message. */
const END = Number.MAX_SAFE_INTEGER;

/**
 * Reads messages by their number: a page costs the same wherever it is. A page ends where it has `limit`
 * messages or {@link LIMITS.historyPageMaxBytes}, and holds one message in any case, so asking again leads on.
 */
@Injectable()
export class MessagesQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: ConversationsAccess,
  ) {}

  /**
   * One message, for somebody who may view the conversation.
   * @throws DomainError `conversation_not_found`
   */
  async find(actor: Actor, conversationId: string, seq: number): Promise<MessageView | null> {
    const { newer } = await this.around(actor, conversationId, seq, { older: 0, newer: 1 });
    return newer[0]?.seq === seq ? newer[0] : null;
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

  /**
   * The newest page, or the page before a number.
   * @throws DomainError `conversation_not_found`, as the other pages do
   */
  async pageBefore({ actor, conversationId, limit }: PageOf, before: number | null): Promise<MessagePage> {
    const counts = { older: limit + 1, newer: before === null ? 0 : 1 };
    const { older, newer } = await this.around(actor, conversationId, before ?? END, counts);
    const items = takeFitting(older, limit).reverse();
    return {
      items,
      before: older.length > items.length ? (items[0]?.seq ?? null) : null,
      after: before !== null && newer.length > 0 ? (items.at(-1)?.seq ?? before - 1) : null,
    };
  }

  /** The page after a number. */
  async pageAfter({ actor, conversationId, limit }: PageOf, after: number): Promise<MessagePage> {
    const { older, newer } = await this.around(actor, conversationId, after + 1, { older: 1, newer: limit + 1 });
    const items = takeFitting(newer, limit);
    return {
      items,
      before: older.length > 0 ? (items[0]?.seq ?? after + 1) : null,
      after: newer.length > items.length ? (items.at(-1)?.seq ?? null) : null,
    };
  }

  /** A page with `around` in the middle, or as near to it as the ends allow. */
  async pageAround({ actor, conversationId, limit }: PageOf, around: number): Promise<MessagePage> {
    const half = Math.floor(limit / 2);
    const counts = { older: limit + 1, newer: limit + 1 };
    const { older, newer } = await this.around(actor, conversationId, around, counts);
    const takeNewer = Math.min(newer.length, Math.max(limit - half, limit - older.length));
    const takeOlder = Math.min(older.length, limit - takeNewer);
    // From the middle outwards, so that what does not fit is missing at the ends.
    const nearest = [...older.slice(0, takeOlder), ...newer.slice(0, takeNewer)].sort(
      (a, b) => Math.abs(a.seq - around) - Math.abs(b.seq - around),
    );
    const items = takeFitting(nearest, limit).sort((a, b) => a.seq - b.seq);
    const tookOlder = items.filter(({ seq }) => seq < around).length;
    return {
      items,
      before: older.length > tookOlder ? (items[0]?.seq ?? null) : null,
      after: newer.length > items.length - tookOlder ? (items.at(-1)?.seq ?? null) : null,
    };
  }

  private async around(actor: Actor, conversationId: string, seq: number, counts: Counts): Promise<Surroundings> {
    const parameters = [conversationId, actor.userId, seq, counts.older, counts.newer];
    for (;;) {
      const rows: (MessageValues | Nothing)[] = await this.dataSource.query(SURROUNDINGS_SQL, parameters);
      if (rows.length > 0) return split(rows.filter(isMessage).map(readMessageValues), seq);
      // In its words; and if they have become a member since, there is something to read now.
      await this.access.require(this.dataSource.manager, actor, conversationId, 'view');
    }
  }
}

function isMessage(values: MessageValues | Nothing): values is MessageValues {
  return values[0] !== null;
}

function split(messages: MessageView[], at: number): Surroundings {
  const ascending = messages.sort((a, b) => a.seq - b.seq);
  const older = ascending.filter(({ seq }) => seq < at).reverse();
  return { older, newer: ascending.slice(older.length) };
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
