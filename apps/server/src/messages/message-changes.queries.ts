import type { MessageView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { MESSAGE_COLUMNS, toMessageView, type MessageRow } from '../conversations/timeline.access.js';
import type { Tx } from '../database/transactions.js';
import { ReactionEntity } from './entities/reaction.entity.js';

/**
 * What changes of a message read and write. The caller holds the head's lock and has taken
 * `changedSeq`; every query is served by the key of its table.
 *
 * NOTE: times are those of the clock, not of the transaction, which began before it waited for the
 * lock: what came later is never dated earlier.
 */

/** Names a message. */
export type Place = Pick<MessageView, 'conversationId' | 'seq'>;

export async function findMessage(db: EntityManager, { conversationId, seq }: Place): Promise<MessageView | null> {
  const [row]: MessageRow[] = await db.query(
    `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.conversation_id = $1 AND m.seq = $2`,
    [conversationId, seq],
  );
  return row === undefined ? null : toMessageView(row);
}

/** The first change of the body keeps the digest of what was sent, by which a late retry is known. */
const KEEP_DIGEST = `sent_digest = coalesce(sent_digest, sha256(convert_to(body, 'UTF8')))`;

export async function writeBody(
  tx: Tx,
  { conversationId, seq }: Place,
  body: string,
  changedSeq: number,
): Promise<void> {
  await tx.query(
    `UPDATE messages
        SET body = $3, changed_seq = $4, version = version + 1, edited_at = clock_timestamp(), ${KEEP_DIGEST}
      WHERE conversation_id = $1 AND seq = $2`,
    [conversationId, seq, body, changedSeq],
  );
}

/** Takes away the text and the reactions; the place in the conversation stays, and what it answered. */
export async function writeDeletion(tx: Tx, { conversationId, seq }: Place, changedSeq: number): Promise<void> {
  await tx.query(
    `UPDATE messages
        SET body = NULL, changed_seq = $3, version = version + 1, deleted_at = clock_timestamp(), ${KEEP_DIGEST}
      WHERE conversation_id = $1 AND seq = $2`,
    [conversationId, seq, changedSeq],
  );
  await tx.manager.delete(ReactionEntity, { conversationId, seq });
}

/** One person's emoji on one message. */
export type Reaction = Place & Pick<ReactionEntity, 'userId' | 'emoji'>;

export async function insertReaction(tx: Tx, reaction: Reaction, changedSeq: number): Promise<void> {
  await tx.manager.insert(ReactionEntity, { ...reaction, createdAt: () => 'clock_timestamp()' });
  await touch(tx, reaction, changedSeq);
}

export async function deleteReaction(tx: Tx, reaction: Reaction, changedSeq: number): Promise<void> {
  const { conversationId, seq, userId, emoji } = reaction;
  await tx.manager.delete(ReactionEntity, { conversationId, seq, userId, emoji });
  await touch(tx, reaction, changedSeq);
}

async function touch(tx: Tx, { conversationId, seq }: Place, changedSeq: number): Promise<void> {
  await tx.query('UPDATE messages SET changed_seq = $3 WHERE conversation_id = $1 AND seq = $2', [
    conversationId,
    seq,
    changedSeq,
  ]);
}
