import { Injectable } from '@nestjs/common';
import type { MessageView, ReactionView, SystemEvent } from '@parley/contracts';
import { DomainError } from '../common/domain-error.js';
import type { Tx } from '../database/transactions.js';

/** A row of `messages`, with the columns named in {@link MESSAGE_COLUMNS}. */
export interface MessageRow {
  conversation_id: string;
  seq: number;
  sender_id: string;
  client_id: string | null;
  kind: 'text' | 'system';
  body: string | null;
  data: SystemEvent | null;
  reply_to_seq: number | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  changed_seq: number | null;
  version: number;
  /** Null when nobody is mentioned by name. */
  mentioned: string[] | null;
  mentions_all: boolean;
  /** Null when the message was never changed, and when there are none. */
  reactions: ReactionView[] | null;
}

/**
 * What {@link toMessageView} needs, for a query that calls the table `m`. A reaction is a change, so
 * the reactions of a message that never changed are not even looked for.
 */
export const MESSAGE_COLUMNS = `m.conversation_id, m.seq, m.sender_id, m.client_id, m.kind, m.body, m.data,
  m.reply_to_seq, m.created_at, m.edited_at, m.deleted_at, m.changed_seq, m.version, m.mentioned, m.mentions_all,
  CASE WHEN m.changed_seq IS NOT NULL THEN (
    SELECT json_agg(json_build_object('emoji', kind.emoji, 'count', kind.count, 'userIds', kind.user_ids)
                    ORDER BY kind.since, kind.emoji)
      FROM (SELECT r.emoji, count(*) AS count, json_agg(r.user_id ORDER BY r.created_at, r.user_id) AS user_ids,
                   min(r.created_at) AS since
              FROM reactions r
             WHERE r.conversation_id = m.conversation_id AND r.seq = m.seq
             GROUP BY r.emoji) kind
  ) END AS reactions`;

/** {@link MESSAGE_COLUMNS} of a row, in their order, as `preparedAsValues` gives them. */
export type MessageValues = [
  conversationId: string,
  seq: number,
  senderId: string,
  clientId: string | null,
  kind: 'text' | 'system',
  body: string | null,
  data: SystemEvent | null,
  replyTo: number | null,
  createdAt: string,
  editedAt: string | null,
  deletedAt: string | null,
  changedSeq: number | null,
  version: number,
  mentioned: string[] | null,
  mentionsAll: boolean,
  reactions: ReactionView[] | null,
];

/** A locked head: where the conversation's number line ends while the lock is held. */
export interface Head {
  conversationId: string;
  lastSeq: number;
  memberVersion: number;
}

/** Turns a row into what everybody sees, here and in {@link readMessageValues} and nowhere else. */
export function toMessageView(row: MessageRow): MessageView {
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    senderId: row.sender_id,
    clientId: row.client_id,
    kind: row.kind,
    body: row.body,
    data: row.data,
    replyTo: row.reply_to_seq,
    mentions: row.mentioned ?? [],
    mentionsAll: row.mentions_all,
    reactions: row.reactions ?? [],
    createdAt: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    changedSeq: row.changed_seq,
    version: row.version,
  };
}

/** The same from the columns alone, for many messages at once. */
export function readMessageValues(values: MessageValues): MessageView {
  return {
    conversationId: values[0],
    seq: values[1],
    senderId: values[2],
    clientId: values[3],
    kind: values[4],
    body: values[5],
    data: values[6],
    replyTo: values[7],
    mentions: values[13] ?? [],
    mentionsAll: values[14],
    reactions: values[15] ?? [],
    createdAt: values[8],
    editedAt: values[9],
    deletedAt: values[10],
    changedSeq: values[11],
    version: values[12],
  };
}

/**
 * A conversation's one number line, for every durable change but a sent text (those go through the
 * batch of `message-appender.ts`, under the same lock).
 *
 * Invariant: whoever takes a number holds the head's row lock until commit, so numbers have no gaps
 * and commit in their order. Lock heads in id order, and heads before members.
 */
@Injectable()
export class TimelineAccess {
  /**
   * Locks the head until the transaction ends. Read members only after this, to see what the
   * transactions that held the lock before have done.
   * @throws DomainError `conversation_not_found`
   */
  async lockHead(tx: Tx, conversationId: string): Promise<Head> {
    const [row] = await tx.query<{ last_seq: number; member_version: number }>(
      'SELECT last_seq, member_version FROM conversation_heads WHERE conversation_id = $1 FOR NO KEY UPDATE',
      [conversationId],
    );
    if (row === undefined) throw new DomainError('conversation_not_found', 'There is no such conversation');
    return { conversationId, lastSeq: row.last_seq, memberVersion: row.member_version };
  }

  /**
   * Takes the next number for a change of an older message, which has to write it into that message's
   * `changed_seq`. `head` moves along; a change is no activity, so the conversation keeps its place in lists.
   */
  async takeNumber(tx: Tx, head: Head): Promise<number> {
    head.lastSeq += 1;
    await tx.query('UPDATE conversation_heads SET last_seq = $2 WHERE conversation_id = $1', [
      head.conversationId,
      head.lastSeq,
    ]);
    return head.lastSeq;
  }

  /**
   * Takes the next number for a system message. `head` moves along, and with `membersChanged` its
   * member version too.
   */
  async appendSystem(
    tx: Tx,
    head: Head,
    actorId: string,
    data: SystemEvent,
    options: { membersChanged: boolean },
  ): Promise<MessageView> {
    head.lastSeq += 1;
    if (options.membersChanged) head.memberVersion += 1;
    // The head takes its time from the row, not by way of a Date, which would cut off the microseconds
    // and let the activity of a conversation step back.
    const [row] = await tx.query<MessageRow>(
      `WITH m AS (
         INSERT INTO messages (conversation_id, seq, sender_id, kind, data, created_at)
         VALUES ($1, $2, $3, 'system', $4, clock_timestamp())
         RETURNING *
       ), moved AS (
         UPDATE conversation_heads h SET last_seq = m.seq, member_version = $5, last_message_at = m.created_at
           FROM m WHERE h.conversation_id = m.conversation_id
       )
       SELECT ${MESSAGE_COLUMNS} FROM m`,
      [head.conversationId, head.lastSeq, actorId, JSON.stringify(data), head.memberVersion],
    );
    if (row === undefined) throw new Error('The insert of a system message returned no row');
    return toMessageView(row);
  }
}
