import { Injectable } from '@nestjs/common';
import type { MessageView, SystemEvent } from '@parley/contracts';
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
}

/** What {@link toMessageView} needs, for a query that calls the table `m`. */
export const MESSAGE_COLUMNS = `m.conversation_id, m.seq, m.sender_id, m.client_id, m.kind, m.body, m.data,
  m.reply_to_seq, m.created_at, m.edited_at, m.deleted_at, m.changed_seq, m.version`;

/** A locked head: where the conversation's number line ends while the lock is held. */
export interface Head {
  conversationId: string;
  lastSeq: number;
  memberVersion: number;
}

/** The one place that turns a row into what everybody sees. */
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
    mentions: [],
    reactions: [],
    createdAt: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    changedSeq: row.changed_seq,
    version: row.version,
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
