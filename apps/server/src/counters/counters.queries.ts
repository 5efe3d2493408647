import { LIMITS } from '@parley/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { ConversationFacts } from './conversation-rules.js';

/** Plain rows for the recount: nothing here is counted the way the server counts it. */

export interface UnseenMessage {
  senderId: string;
  kind: string;
  isDeleted: boolean;
  mentioned: string[] | null;
  mentionsAll: boolean;
}

export async function listUsers(db: DataSource, after: string | null, limit: number): Promise<string[]> {
  return ids(db, 'users', after, limit);
}

export async function listConversations(db: DataSource, after: string | null, limit: number): Promise<string[]> {
  return ids(db, 'conversations', after, limit);
}

/** `table` is a name of this file. */
async function ids(db: DataSource, table: string, after: string | null, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db.query(
    `SELECT id FROM ${table} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

export async function listMemberships(db: EntityManager, userId: string): Promise<string[]> {
  const rows: { id: string }[] = await db.query(
    'SELECT conversation_id AS id FROM members WHERE user_id = $1 AND left_seq IS NULL ORDER BY conversation_id',
    [userId],
  );
  return rows.map(({ id }) => id);
}

/** What stands after a position; somebody who never reads has much of it, but no texts come along. */
export async function readUnseen(db: EntityManager, conversationId: string, seen: number): Promise<UnseenMessage[]> {
  return db.query(
    `SELECT sender_id AS "senderId", kind, deleted_at IS NOT NULL AS "isDeleted", mentioned,
            mentions_all AS "mentionsAll"
       FROM messages WHERE conversation_id = $1 AND seq > $2`,
    [conversationId, seen],
  );
}

/** What must not be found in a conversation, by what it is called; a few of the rows are enough to look at. */
const BROKEN: Record<string, string> = {
  'positions beyond the head, or read before delivered': `SELECT m.user_id::text AS row FROM members m
      JOIN conversation_heads h ON h.conversation_id = m.conversation_id
     WHERE m.conversation_id = $1 AND m.left_seq IS NULL
       AND (m.read_seq > h.last_seq OR m.delivered_seq > h.last_seq OR m.read_seq > m.delivered_seq)`,
  'deleted messages with a text, mentions or reactions': `SELECT m.seq::text AS row FROM messages m
     WHERE m.conversation_id = $1 AND m.deleted_at IS NOT NULL
       AND (m.body IS NOT NULL OR m.mentioned IS NOT NULL OR m.mentions_all
            OR EXISTS (SELECT 1 FROM reactions r WHERE r.conversation_id = $1 AND r.seq = m.seq))`,
  'reactions to no text, or of too many kinds': `SELECT r.seq::text AS row FROM reactions r
      LEFT JOIN messages m ON m.conversation_id = r.conversation_id AND m.seq = r.seq
     WHERE r.conversation_id = $1
     GROUP BY r.seq, m.kind HAVING m.kind IS DISTINCT FROM 'text' OR count(DISTINCT r.emoji) > ${LIMITS.reactionKindsMax}`,
  'mentions that have no row': `SELECT m.seq::text AS row FROM messages m
     CROSS JOIN LATERAL unnest(m.mentioned) AS person (id)
     WHERE m.conversation_id = $1
       AND NOT EXISTS (SELECT 1 FROM mentions n
                        WHERE n.user_id = person.id AND n.conversation_id = $1 AND n.seq = m.seq)`,
  'rows of mentions that no message makes': `SELECT n.seq::text AS row FROM members p
      JOIN mentions n ON n.user_id = p.user_id AND n.conversation_id = p.conversation_id
      LEFT JOIN messages m ON m.conversation_id = n.conversation_id AND m.seq = n.seq
     WHERE p.conversation_id = $1 AND NOT coalesce(m.mentions_all OR n.user_id = ANY (m.mentioned), false)`,
};
const BROKEN_MAX = 20;

/** A conversation's own numbers, and what in it does not fit together. */
export async function readConversation(db: EntityManager, id: string): Promise<ConversationFacts> {
  const [numbers]: Omit<ConversationFacts, 'broken' | 'id'>[] = await db.query(
    `SELECT c.kind, c.direct_key IS NOT NULL AS "hasDirectKey", h.last_seq AS "lastSeq",
            (SELECT coalesce(max(greatest(m.seq, m.changed_seq)), 0) FROM messages m
              WHERE m.conversation_id = c.id) AS highest,
            (SELECT count(*)::integer FROM messages m WHERE m.conversation_id = c.id) AS messages,
            ARRAY(SELECT m.role FROM members m WHERE m.conversation_id = c.id AND m.left_seq IS NULL) AS roles
       FROM conversations c JOIN conversation_heads h ON h.conversation_id = c.id
      WHERE c.id = $1`,
    [id],
  );
  if (numbers === undefined) throw new Error(`Conversation ${id} has no head`);
  const broken: Record<string, string[]> = {};
  for (const [what, sql] of Object.entries(BROKEN)) {
    const rows: { row: string }[] = await db.query(`${sql} LIMIT ${BROKEN_MAX}`, [id]);
    broken[what] = rows.map(({ row }) => row);
  }
  return { id, ...numbers, broken };
}
