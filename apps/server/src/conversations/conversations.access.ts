import { Injectable } from '@nestjs/common';
import { LIMITS, type ConversationView, type MemberView } from '@parley/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { prepared, preparedAsValues } from '../database/connection.js';
import type { Tx } from '../database/transactions.js';
import { UsersAccess } from '../users/users.access.js';
import { judgeAction, type ConversationAction } from './conversations.policy.js';
import { findConversations, findMembership, type MemberRow, type Membership } from './conversations.queries.js';
import { toConversationView, toMemberView } from './conversations.view.js';
import { TimelineAccess, type Head } from './timeline.access.js';

export type { ConversationAction } from './conversations.policy.js';
export type { Membership } from './conversations.queries.js';

/** LIMIT keeps the planner from reading the heads of all conversations, which it would rather join by a hash. */
const MEMBERSHIPS_SQL = preparedAsValues(
  'memberships',
  `SELECT m.user_id, m.conversation_id, h.last_seq, h.member_version
     FROM members m
    CROSS JOIN LATERAL (
      SELECT last_seq, member_version FROM conversation_heads WHERE conversation_id = m.conversation_id LIMIT 1) h
    WHERE m.user_id = ANY ($1::uuid[]) AND m.left_seq IS NULL`,
);

const STANDINGS_SQL = prepared(
  'standings',
  `SELECT m.conversation_id AS "conversationId", h.last_seq AS "lastSeq", m.visible_from_seq AS "visibleFromSeq"
     FROM members m
     JOIN conversation_heads h ON h.conversation_id = m.conversation_id
    WHERE m.conversation_id = ANY ($2::uuid[]) AND m.user_id = $1 AND m.left_seq IS NULL
    ORDER BY h.last_message_at DESC, h.conversation_id DESC`,
);

/** For each bound a query of its own, because nobody can plan for one that is not known. There are three. */
const countSql = (upTo: number): string =>
  prepared(
    `members_up_to_${upTo}`,
    `SELECT count(*)::integer AS members
       FROM (SELECT 1 FROM members WHERE conversation_id = $1 AND left_seq IS NULL LIMIT ${upTo}) AS counted`,
  );

/**
 * Whether $2 may `view` the conversation $1, as {@link ConversationsAccess.require} judges it, and from which number
 * on: as a part of a query whose answer has to be of the same moment. One row or none.
 */
export const VIEWER_SQL = `
  SELECT visible_from_seq FROM members WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL`;

/** A conversation that somebody belongs to, and where it was then. */
export interface Standing {
  conversationId: string;
  lastSeq: number;
  memberVersion: number;
}

/**
 * The way into conversations for the other features: the one funnel of authorization, and what
 * delivery needs to know about membership. It changes nothing.
 */
@Injectable()
export class ConversationsAccess {
  constructor(
    private readonly dataSource: DataSource,
    private readonly timeline: TimelineAccess,
    private readonly users: UsersAccess,
  ) {}

  /**
   * The actor's membership, for doing this. Strangers and people who left cannot tell the
   * conversation from one that does not exist.
   * @throws DomainError `conversation_not_found`, `conversation_kind_mismatch`, `action_forbidden`
   */
  async require(
    db: EntityManager,
    actor: Actor,
    conversationId: string,
    action: ConversationAction,
  ): Promise<Membership> {
    const membership = await findMembership(db, conversationId, actor.userId);
    if (membership === null) throw notFound();
    const verdict = judgeAction(membership.kind, membership.role, action);
    switch (verdict) {
      case 'allowed':
        return membership;
      case 'conversation_kind_mismatch':
        throw new DomainError(verdict, 'A direct conversation has no title, roles or changing members');
      case 'action_forbidden':
        throw new DomainError(verdict, `A member with the role ${membership.role} cannot do that`);
    }
  }

  /**
   * The same for a change: with the head locked until the transaction ends, and judged under that
   * lock. It asks before the lock too, so that somebody who has no business here neither waits for
   * it nor holds it, nor learns from the wait that there is something.
   */
  async requireLocked(
    tx: Tx,
    actor: Actor,
    conversationId: string,
    action: ConversationAction,
  ): Promise<{ head: Head; membership: Membership }> {
    await this.require(tx.manager, actor, conversationId, action);
    const head = await this.timeline.lockHead(tx, conversationId);
    return { head, membership: await this.require(tx.manager, actor, conversationId, action) };
  }

  /**
   * Makes sure that these people exist and that the actor may talk to each of them, before they are
   * brought into a conversation.
   * @throws DomainError `user_not_found`, `user_blocked`
   */
  async requirePeople(db: EntityManager, actor: Actor, userIds: readonly string[]): Promise<void> {
    await this.users.getUsers(db, userIds);
    const blocked = await this.users.findBlocks(db, actor.userId, userIds);
    if (blocked.size > 0) throw new DomainError('user_blocked', `You and ${[...blocked].join(', ')} cannot talk`);
  }

  /**
   * A conversation as everybody in it sees it. It asks nobody's leave: for callers that have done so.
   * @throws DomainError `conversation_not_found`
   */
  async getView(db: EntityManager, conversationId: string): Promise<ConversationView> {
    const row = (await findConversations(db, [conversationId], LIMITS.membersInlineMax)).get(conversationId);
    if (row === undefined) throw notFound();
    const people = (row.members ?? []).map((member) => member.userId);
    return toConversationView(row, await this.users.findUsers(db, people));
  }

  /** Members with their names, in the given order. */
  async toMemberViews(db: EntityManager, members: readonly MemberRow[]): Promise<MemberView[]> {
    const ids = members.map((member) => member.userId);
    const names = await this.users.findUsers(db, ids);
    return members.map((member) => toMemberView(member, names));
  }

  /** Every conversation that each of these people belongs to, with where it stands. */
  async listMemberships(userIds: readonly string[]): Promise<Map<string, Standing[]>> {
    const rows: [string, string, number, number][] = await this.dataSource.query(MEMBERSHIPS_SQL, [userIds]);
    const found = new Map<string, Standing[]>(userIds.map((userId) => [userId, []]));
    for (const [userId, conversationId, lastSeq, memberVersion] of rows) {
      found.get(userId)?.push({ conversationId, lastSeq, memberVersion });
    }
    return found;
  }

  /** Those of these conversations that a person belongs to, by last activity, and what of them is theirs to see. */
  async listStandings(
    db: EntityManager,
    userId: string,
    conversationIds: readonly string[],
  ): Promise<{ conversationId: string; lastSeq: number; visibleFromSeq: number }[]> {
    if (conversationIds.length === 0) return [];
    return db.query(STANDINGS_SQL, [userId, conversationIds]);
  }

  /** Where these conversations stand; one that does not exist is missing. */
  async listHeads(
    conversationIds: readonly string[],
  ): Promise<Map<string, { lastSeq: number; memberVersion: number }>> {
    const rows: { id: string; lastSeq: number; memberVersion: number }[] = await this.dataSource.query(
      `SELECT h.conversation_id AS id, h.last_seq AS "lastSeq", h.member_version AS "memberVersion"
         FROM conversation_heads h WHERE h.conversation_id = ANY ($1::uuid[])`,
      [conversationIds],
    );
    return new Map(rows.map(({ id, lastSeq, memberVersion }) => [id, { lastSeq, memberVersion }]));
  }

  /**
   * Which of these people belong to a conversation, with the number of the change by which each joined,
   * and the member version at which that is so.
   */
  async filterMembers(
    conversationId: string,
    userIds: readonly string[],
  ): Promise<{ memberVersion: number; joinedSeqs: ReadonlyMap<string, number> }> {
    const [row]: { memberVersion: number; joinedSeqs: Record<string, number> }[] = await this.dataSource.query(
      `SELECT h.member_version AS "memberVersion",
              (SELECT coalesce(json_object_agg(m.user_id, m.joined_seq), '{}') FROM members m
                WHERE m.conversation_id = h.conversation_id AND m.user_id = ANY ($2::uuid[])
                  AND m.left_seq IS NULL) AS "joinedSeqs"
         FROM conversation_heads h WHERE h.conversation_id = $1`,
      [conversationId, userIds],
    );
    return { memberVersion: row?.memberVersion ?? 0, joinedSeqs: new Map(Object.entries(row?.joinedSeqs ?? {})) };
  }

  /** How many people belong to a conversation. Counts no further than `upTo`. */
  async countMembers(db: EntityManager, conversationId: string, upTo: number): Promise<number> {
    const [row]: { members: number }[] = await db.query(countSql(upTo), [conversationId]);
    return row?.members ?? 0;
  }

  /** Those of `others` who are in a conversation together with this person. */
  async shareConversation(userId: string, others: readonly string[]): Promise<Set<string>> {
    const rows: { id: string }[] = await this.dataSource.query(
      // Materialized, so that one's own memberships are read once and not looked up for each of theirs.
      `WITH mine AS MATERIALIZED (
         SELECT m.conversation_id FROM members m WHERE m.user_id = $1 AND m.left_seq IS NULL
       )
       SELECT DISTINCT theirs.user_id AS id
         FROM members theirs
         JOIN mine ON mine.conversation_id = theirs.conversation_id
        WHERE theirs.user_id = ANY ($2::uuid[]) AND theirs.left_seq IS NULL`,
      [userId, others],
    );
    return new Set(rows.map((row) => row.id));
  }
}

function notFound(): DomainError {
  return new DomainError('conversation_not_found', 'There is no such conversation');
}
