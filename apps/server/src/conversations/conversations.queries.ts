import type { ConversationKind, Role } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/connection.js';
import { MESSAGE_COLUMNS, type MessageRow } from './timeline.access.js';

/**
 * What the feature reads, in SQL. Only shapes of rows leave this file; nothing here asks who may see
 * them. Every query is served by the key of its table or by `members_user_id_idx`.
 */

/** Roles in the order in which members are listed. */
const ROLE_RANK = (role: string): string => `array_position(ARRAY['owner', 'admin', 'member'], ${role})`;
const MEMBER_ORDER = `${ROLE_RANK('m.role')}, m.joined_seq, m.user_id`;

/** What an actor is in a conversation, and where the conversation stands. */
export interface Membership {
  conversationId: string;
  kind: ConversationKind;
  role: Role;
  joinedSeq: number;
  /** History before this number is not shown to them. */
  visibleFromSeq: number;
  lastSeq: number;
  memberVersion: number;
  /** The other person of a direct conversation; null in a group. */
  peerId: string | null;
}

export async function findMembership(
  db: EntityManager,
  conversationId: string,
  userId: string,
): Promise<Membership | null> {
  const [row]: Membership[] = await db.query(MEMBERSHIP_SQL, [conversationId, userId]);
  return row ?? null;
}

const MEMBERSHIP_SQL = prepared(
  'membership',
  `SELECT m.conversation_id AS "conversationId", c.kind, m.role, m.joined_seq AS "joinedSeq",
          m.visible_from_seq AS "visibleFromSeq", h.last_seq AS "lastSeq",
          h.member_version AS "memberVersion", m.peer_id AS "peerId"
     FROM members m
     JOIN conversations c ON c.id = m.conversation_id
     JOIN conversation_heads h ON h.conversation_id = m.conversation_id
    WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.left_seq IS NULL`,
);

export interface MemberRow {
  userId: string;
  role: Role;
  joinedSeq: number;
}

export interface ConversationRow {
  id: string;
  kind: ConversationKind;
  title: string | null;
  createdBy: string;
  createdAt: Date;
  memberCount: number;
  memberVersion: number;
  /** Null when there are more than `inlineMax`. */
  members: (MemberRow & MemberPosition)[] | null;
}

/** How far a member has got. */
export interface MemberPosition {
  readSeq: number;
  deliveredSeq: number;
}

const CONVERSATIONS_SQL = prepared(
  'conversations',
  `SELECT c.id, c.kind, c.title, c.created_by AS "createdBy", c.created_at AS "createdAt",
          counted.members AS "memberCount", h.member_version AS "memberVersion",
          CASE WHEN counted.members <= $2 THEN coalesce(inlined.members, '[]') END AS members
     FROM conversations c
     JOIN conversation_heads h ON h.conversation_id = c.id
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS members FROM members m
       WHERE m.conversation_id = c.id AND m.left_seq IS NULL
    ) counted
    CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('userId', m.user_id, 'role', m.role, 'joinedSeq', m.joined_seq,
                                        'readSeq', m.read_seq, 'deliveredSeq', m.delivered_seq)
                      ORDER BY ${MEMBER_ORDER}) AS members
        FROM members m
       WHERE m.conversation_id = c.id AND m.left_seq IS NULL AND counted.members <= $2
    ) inlined
    WHERE c.id = ANY ($1::uuid[])`,
);

/** Conversations with their members, as long as those are not more than `inlineMax`. */
export async function findConversations(
  db: EntityManager,
  ids: readonly string[],
  inlineMax: number,
): Promise<Map<string, ConversationRow>> {
  const rows: ConversationRow[] = await db.query(CONVERSATIONS_SQL, [ids, inlineMax]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The members after `after` in the order of the list. */
export async function findMembersPage(
  db: EntityManager,
  conversationId: string,
  after: MemberRow | null,
  limit: number,
): Promise<MemberRow[]> {
  return db.query(
    `SELECT m.user_id AS "userId", m.role, m.joined_seq AS "joinedSeq"
       FROM members m
      WHERE m.conversation_id = $1 AND m.left_seq IS NULL
        AND ($2::text IS NULL OR (${MEMBER_ORDER}) > (${ROLE_RANK('$2::text')}, $3::bigint, $4::uuid))
      ORDER BY ${MEMBER_ORDER}
      LIMIT $5`,
    [conversationId, after?.role ?? null, after?.joinedSeq ?? null, after?.userId ?? null, limit],
  );
}

/** Those of `userIds` who are members, with their roles. */
export async function findRoles(
  db: EntityManager,
  conversationId: string,
  userIds: readonly string[],
): Promise<Map<string, Role>> {
  const rows: { user_id: string; role: Role }[] = await db.query(
    `SELECT m.user_id, m.role FROM members m
      WHERE m.conversation_id = $1 AND m.user_id = ANY ($2::uuid[]) AND m.left_seq IS NULL`,
    [conversationId, userIds],
  );
  return new Map(rows.map((row) => [row.user_id, row.role]));
}

/** Where the list of conversations goes on: microseconds of the last activity, then the id. */
export interface ActivityPosition {
  activity: string;
  conversationId: string;
}

/** What one's list shows of a conversation beside the conversation itself, with its newest message if there is one. */
export type SummaryRow = SummaryColumns & (MessageRow | { [column in keyof MessageRow]: null });

interface SummaryColumns extends ActivityPosition {
  role: Role;
  lastSeq: number;
  visibleFromSeq: number;
  readSeq: number;
  lastActivityAt: Date;
  unread: number;
  mentions: number;
  mutedUntil: Date | null;
  pinnedAt: Date | null;
  archivedAt: Date | null;
}

/** Parameters: the person, countMax, and those of the condition and the order of `page`. */
const summaries = (page: string): string => `WITH page AS MATERIALIZED (
   SELECT m.conversation_id, m.role, m.visible_from_seq, m.read_seq, m.muted_until, m.pinned_at, m.archived_at,
          h.last_seq, h.last_message_at, greatest(m.read_seq, m.visible_from_seq - 1) AS seen_seq
     FROM members m
     JOIN conversation_heads h ON h.conversation_id = m.conversation_id
    WHERE m.user_id = $1 AND m.left_seq IS NULL AND ${page}
 )
 SELECT p.conversation_id AS "conversationId", p.role, p.last_seq AS "lastSeq",
        p.visible_from_seq AS "visibleFromSeq", p.read_seq AS "readSeq", p.last_message_at AS "lastActivityAt",
        (extract(epoch FROM p.last_message_at) * 1000000)::bigint::text AS activity,
        unread.count AS unread, mentioned.count AS mentions,
        p.muted_until AS "mutedUntil", p.pinned_at AS "pinnedAt", p.archived_at AS "archivedAt", newest.*
   FROM page p
  CROSS JOIN LATERAL (
    SELECT count(*)::integer FROM (
      SELECT 1 FROM messages t
       WHERE t.conversation_id = p.conversation_id AND t.seq > p.seen_seq
         AND t.sender_id <> $1 AND t.kind = 'text' AND t.deleted_at IS NULL
       ORDER BY t.seq LIMIT $2) found
  ) unread
  CROSS JOIN LATERAL (
    SELECT count(*)::integer FROM (
      SELECT 1 FROM mentions n
        JOIN messages t ON t.conversation_id = n.conversation_id AND t.seq = n.seq
       WHERE n.user_id = $1 AND n.conversation_id = p.conversation_id AND n.seq > p.seen_seq
         AND t.sender_id <> $1 AND t.kind = 'text' AND t.deleted_at IS NULL
       ORDER BY n.seq LIMIT $2) found
  ) mentioned
   LEFT JOIN LATERAL (
    SELECT ${MESSAGE_COLUMNS} FROM messages m
     WHERE m.conversation_id = p.conversation_id AND m.seq >= p.visible_from_seq
     ORDER BY m.seq DESC LIMIT 1
  ) newest ON true
  ORDER BY p.last_message_at DESC, p.conversation_id DESC`;

const SUMMARIES_PAGE = prepared(
  'summaries_page',
  summaries(`($3::bigint IS NULL OR (h.last_message_at, h.conversation_id)
            < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
    ORDER BY h.last_message_at DESC, h.conversation_id DESC
    LIMIT $5`),
);

const SUMMARIES_BY_ID = prepared('summaries_by_id', summaries('m.conversation_id = ANY ($3::uuid[])'));

/**
 * The conversations of a person after `after`, by last activity, newest first; in a snapshot.
 *
 * Heads have no index on their activity, so that sending stays cheap: all of one's heads are looked
 * up and sorted, then the page alone is counted. Each count stops at `countMax`, which only a scan in
 * the order of the index does: a bitmap would first collect the whole rest of the conversation.
 */
export function findSummariesPage(
  db: EntityManager,
  userId: string,
  after: ActivityPosition | null,
  limit: number,
  countMax: number,
): Promise<SummaryRow[]> {
  return db.query(SUMMARIES_PAGE, [userId, countMax, after?.activity ?? null, after?.conversationId ?? null, limit]);
}

/** Those of `conversationIds` that the person belongs to, in the same order and as cheap; in a snapshot. */
export function findSummaries(
  db: EntityManager,
  userId: string,
  conversationIds: readonly string[],
  countMax: number,
): Promise<SummaryRow[]> {
  return db.query(SUMMARIES_BY_ID, [userId, countMax, conversationIds]);
}
