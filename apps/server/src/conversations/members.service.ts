import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type AddMembers,
  type ChangeRole,
  type ConversationView,
  type MemberView,
  type Page,
  type Role,
  type SystemEvent,
} from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { readSnapshot } from '../database/snapshot.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { ConversationChanges, type ConversationChange } from './conversation-changes.js';
import { ConversationsAccess, type Membership } from './conversations.access.js';
import { canLeave, canRemoveMember } from './conversations.policy.js';
import { findMembersPage, findRoles } from './conversations.queries.js';
import { endMembership, setRole, startMemberships } from './memberships.js';
import { cutPage, decodeMember, encodeMember, type PageQuery } from './positions.js';

/**
 * Who belongs to a group, and as what.
 *
 * Invariant: every change locks the head first and reads members only then, so changes of one group
 * happen one after the other, and a group that has members always has exactly one owner. A change
 * that changes nothing takes no number and is not made known.
 */
@Injectable()
export class MembersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly access: ConversationsAccess,
    private readonly changes: ConversationChanges,
  ) {}

  /**
   * Members: the owner, then admins, then members, each by the time of joining.
   * @throws DomainError `conversation_not_found`
   */
  async list(actor: Actor, conversationId: string, query: PageQuery): Promise<Page<MemberView>> {
    const { cursor, limit = LIMITS.listPageDefault } = query;
    const after = cursor === undefined ? null : decodeMember(cursor);
    return readSnapshot(this.dataSource, async (db) => {
      await this.access.require(db, actor, conversationId, 'view');
      const rows = await findMembersPage(db, conversationId, after, limit + 1);
      const { page, nextCursor } = cutPage(rows, limit, encodeMember);
      return { items: await this.access.toMemberViews(db, page), nextCursor };
    });
  }

  /**
   * Adds people to a group, in one change; those who belong to it already are passed over.
   * @throws DomainError `conversation_not_found`, `conversation_kind_mismatch`, `action_forbidden`,
   *   `user_not_found`, `user_blocked`, `member_limit_reached`; none of the people is added then
   */
  async add(actor: Actor, conversationId: string, { userIds }: AddMembers): Promise<ConversationView> {
    return this.transactions.run(async (tx) => {
      const { head } = await this.access.requireLocked(tx, actor, conversationId, 'add_members');
      const present = await findRoles(tx.manager, conversationId, userIds);
      const joined = userIds.filter((userId) => !present.has(userId));
      if (joined.length === 0) return this.access.getView(tx.manager, conversationId);
      await this.access.requirePeople(tx.manager, actor, joined);
      await this.requireRoom(tx, conversationId, joined.length);
      const event = { event: 'members_added' as const, userIds: joined };
      return this.changes.make(tx, head, actor, { event, membersChanged: true, joined }, (seq) =>
        startMemberships(
          tx,
          conversationId,
          joined.map((userId) => ({ userId, role: 'member' })),
          seq,
        ),
      );
    });
  }

  /**
   * Gives a member another role. Giving `owner` hands ownership over: the actor becomes admin, in the
   * same change.
   * @throws DomainError `conversation_not_found`, `conversation_kind_mismatch`, `action_forbidden`,
   *   `member_not_found`, and `owner_required` for the owner's own role
   */
  async changeRole(
    actor: Actor,
    conversationId: string,
    userId: string,
    { role }: ChangeRole,
  ): Promise<ConversationView> {
    return this.transactions.run(async (tx) => {
      const { head } = await this.access.requireLocked(tx, actor, conversationId, 'change_role');
      const current = await this.getRole(tx, conversationId, userId);
      if (current === role) return this.access.getView(tx.manager, conversationId);
      if (current === 'owner') throw ownerRequired();
      const change: ConversationChange = {
        event:
          role === 'owner'
            ? { event: 'ownership_transferred', userIds: [userId] }
            : { event: 'role_changed', userIds: [userId], role },
        membersChanged: true,
      };
      return this.changes.make(tx, head, actor, change, async () => {
        if (role === 'owner') await setRole(tx, conversationId, actor.userId, 'admin');
        await setRole(tx, conversationId, userId, role);
      });
    });
  }

  /**
   * Removes somebody from a group; removing oneself is leaving.
   * @throws DomainError `conversation_not_found`, `conversation_kind_mismatch`, `action_forbidden`,
   *   `member_not_found`, and `owner_required` for an owner who leaves others behind
   */
  async remove(actor: Actor, conversationId: string, userId: string): Promise<void> {
    const leaving = userId === actor.userId;
    await this.transactions.run(async (tx) => {
      const action = leaving ? 'leave' : 'remove_member';
      const { head, membership } = await this.access.requireLocked(tx, actor, conversationId, action);
      if (leaving) await this.requireSuccession(tx, membership);
      else await this.requireRemovable(tx, membership, userId);
      const event: SystemEvent = { event: leaving ? 'member_left' : 'member_removed', userIds: [userId] };
      await this.changes.make(tx, head, actor, { event, membersChanged: true, left: [userId] }, (seq) =>
        endMembership(tx, conversationId, userId, seq),
      );
    });
  }

  private async requireRoom(tx: Tx, conversationId: string, newcomers: number): Promise<void> {
    const max = LIMITS.groupMembersMax;
    const members = await this.access.countMembers(tx.manager, conversationId, max);
    if (members + newcomers <= max) return;
    throw new DomainError('member_limit_reached', `A group has at most ${max} members`);
  }

  private async requireSuccession(tx: Tx, { conversationId, role }: Membership): Promise<void> {
    const members = await this.access.countMembers(tx.manager, conversationId, 2);
    if (!canLeave(role, members)) throw ownerRequired();
  }

  private async requireRemovable(tx: Tx, actor: Membership, userId: string): Promise<void> {
    const role = await this.getRole(tx, actor.conversationId, userId);
    if (canRemoveMember(actor.role, role)) return;
    throw new DomainError('action_forbidden', `A member with the role ${actor.role} cannot remove the ${role}`);
  }

  private async getRole(tx: Tx, conversationId: string, userId: string): Promise<Role> {
    const role = (await findRoles(tx.manager, conversationId, [userId])).get(userId);
    if (role === undefined) throw memberNotFound();
    return role;
  }
}

function memberNotFound(): DomainError {
  return new DomainError('member_not_found', 'There is no such member');
}

function ownerRequired(): DomainError {
  return new DomainError('owner_required', 'The owner has to hand the group over to somebody first');
}
