import type { EntityManager } from 'typeorm';
import { prepared } from '../database/connection.js';
import type { MemberPosition } from './conversations.queries.js';

/**
 * What receipts read and write. A move is one statement that only ever goes up, so it needs no lock but
 * the row's own. Every query is served by the key of `members` or by `members_user_id_idx`.
 */

export interface Place {
  conversationId: string;
  userId: string;
}

/** How far one member of a conversation has got. */
export type ReceiptRow = Place & MemberPosition;

const positions = (table: string): string =>
  `${table}.conversation_id AS "conversationId", ${table}.user_id AS "userId", ${table}.read_seq AS "readSeq",
   ${table}.delivered_seq AS "deliveredSeq"`;

/** Moves a position of a member to $3, and no further than the conversation has got. */
const move = (name: string, column: string, assignments: (to: string) => string): string => {
  const to = 'least($3::bigint, h.last_seq)';
  return prepared(
    name,
    `UPDATE members m SET ${assignments(to)}
       FROM conversation_heads h
      WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.left_seq IS NULL
        AND h.conversation_id = $1 AND m.${column} < ${to}
      RETURNING ${positions('m')}`,
  );
};

const MOVE_READ_SQL = move(
  'move_read',
  'read_seq',
  (to) => `read_seq = ${to}, delivered_seq = greatest(m.delivered_seq, ${to})`,
);
const MOVE_DELIVERED_SQL = move('move_delivered', 'delivered_seq', (to) => `delivered_seq = ${to}`);

/** Where the member has got to now; null when they were there before, and for somebody who is no member. */
export async function moveRead(db: EntityManager, place: Place, seq: number): Promise<ReceiptRow | null> {
  return movePosition(db, MOVE_READ_SQL, place, seq);
}

export async function moveDelivered(db: EntityManager, place: Place, seq: number): Promise<ReceiptRow | null> {
  return movePosition(db, MOVE_DELIVERED_SQL, place, seq);
}

async function movePosition(
  db: EntityManager,
  sql: string,
  { conversationId, userId }: Place,
  seq: number,
): Promise<ReceiptRow | null> {
  const [rows]: [ReceiptRow[], number] = await db.query(sql, [conversationId, userId, seq]);
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
    `SELECT ${positions('members')} FROM members
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
    `SELECT ${positions('m')}
       FROM members m
       JOIN conversation_heads h ON h.conversation_id = m.conversation_id
      WHERE m.user_id = $1 AND m.left_seq IS NULL AND ${SMALL}
      ORDER BY h.last_message_at DESC
      LIMIT $3`,
    [userId, membersMax, limit],
  );
}
