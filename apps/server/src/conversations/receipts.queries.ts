import type { EntityManager } from 'typeorm';
import type { MemberPosition } from './conversations.queries.js';

/**
 * What receipts read and write. A move is one statement that only ever goes up, so it needs no lock but
 * the row's own. Every query is served by the key of `members` or by `members_user_id_idx`.
 */

interface Place {
  conversationId: string;
  userId: string;
}

/** How far one member of a conversation has got. */
export type ReceiptRow = Place & MemberPosition;

const POSITIONS = `conversation_id AS "conversationId", user_id AS "userId", read_seq AS "readSeq",
  delivered_seq AS "deliveredSeq"`;

/** Where the member has got to now; null when they were there before. */
export async function moveRead(db: EntityManager, place: Place, seq: number): Promise<ReceiptRow | null> {
  return move(db, place, seq, 'read_seq = $3, delivered_seq = greatest(delivered_seq, $3)', 'read_seq');
}

export async function moveDelivered(db: EntityManager, place: Place, seq: number): Promise<ReceiptRow | null> {
  return move(db, place, seq, 'delivered_seq = $3', 'delivered_seq');
}

/** `assignments` and `column` are SQL of this file. */
async function move(
  db: EntityManager,
  { conversationId, userId }: Place,
  seq: number,
  assignments: string,
  column: string,
): Promise<ReceiptRow | null> {
  const [rows]: [ReceiptRow[], number] = await db.query(
    `UPDATE members SET ${assignments}
      WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL AND ${column} < $3
      RETURNING ${POSITIONS}`,
    [conversationId, userId, seq],
  );
  return rows[0] ?? null;
}

/** How far the members after `afterId` have got, by their ids. */
export async function findReceiptsPage(
  db: EntityManager,
  conversationId: string,
  afterId: string | null,
  limit: number,
): Promise<ReceiptRow[]> {
  return db.query(
    `SELECT ${POSITIONS} FROM members
      WHERE conversation_id = $1 AND left_seq IS NULL AND ($2::uuid IS NULL OR user_id > $2)
      ORDER BY user_id LIMIT $3`,
    [conversationId, afterId, limit],
  );
}

const SMALL = `(SELECT count(*) FROM (
    SELECT 1 FROM members o WHERE o.conversation_id = h.conversation_id AND o.left_seq IS NULL LIMIT $2 + 1) counted
  ) <= $2`;

/** Those of these conversations that have at most `membersMax` members. */
export async function findSmall(
  db: EntityManager,
  conversationIds: readonly string[],
  membersMax: number,
): Promise<Set<string>> {
  const rows: { id: string }[] = await db.query(
    `SELECT h.conversation_id AS id FROM conversation_heads h
      WHERE h.conversation_id = ANY ($1::uuid[]) AND ${SMALL}`,
    [conversationIds, membersMax],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Where a person has got to in their `limit` most recent conversations of at most `membersMax` members. */
export async function findOwnReceipts(
  db: EntityManager,
  userId: string,
  membersMax: number,
  limit: number,
): Promise<ReceiptRow[]> {
  return db.query(
    `SELECT m.conversation_id AS "conversationId", m.user_id AS "userId", m.read_seq AS "readSeq",
            m.delivered_seq AS "deliveredSeq"
       FROM members m
       JOIN conversation_heads h ON h.conversation_id = m.conversation_id
      WHERE m.user_id = $1 AND m.left_seq IS NULL AND ${SMALL}
      ORDER BY h.last_message_at DESC
      LIMIT $3`,
    [userId, membersMax, limit],
  );
}
