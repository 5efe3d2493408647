import { Injectable } from '@nestjs/common';
import { LIMITS, type Page, type ProfileView, type UpdateProfile, type UserView } from '@parley/contracts';
import { DataSource, IsNull } from 'typeorm';
import type { Actor } from '../common/actor.js';
import { decodeCursor, encodeCursor } from '../common/cursor.js';
import { DomainError } from '../common/domain-error.js';
import { Transactions, type Tx } from '../database/transactions.js';
import type { Fact } from '../events/fact.js';
import { BlockEntity } from './entities/block.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { foldKey } from './fold-key.js';
import { searchUsers } from './user-search.js';
import { userNotFound, UsersAccess } from './users.access.js';
import { findBlocked } from './users.queries.js';
import { toUserView } from './users.view.js';

interface PageQuery {
  cursor?: string;
  limit?: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

/**
 * Profiles, search and blocks, as people ask for them. Everybody who is logged in may see everybody's
 * public profile, and change nobody's but their own, which is why no method here asks a policy.
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly users: UsersAccess,
  ) {}

  /** The actor's own profile. */
  async getOwn(actor: Actor): Promise<ProfileView> {
    return this.users.getProfile(this.dataSource.manager, actor.userId);
  }

  /**
   * Changes the actor's profile: tells their own devices, those who watch them of another name, and
   * their conversations whether they show what they read.
   * @throws DomainError `validation_failed` when nothing is named
   */
  async updateOwn(actor: Actor, { displayName, readReceipts }: UpdateProfile): Promise<ProfileView> {
    if (displayName === undefined && readReceipts === undefined) throw nothingNamed();
    const { userId } = actor;
    return this.transactions.run(async (tx) => {
      const before = await this.users.lockProfile(tx, userId);
      const isSwitched = readReceipts !== undefined && readReceipts !== before.readReceipts;
      await tx.manager.update(
        UserEntity,
        { id: userId },
        {
          ...(displayName !== undefined && { displayName, displayNameKey: foldKey(displayName) }),
          ...(isSwitched && { readReceipts, readReceiptsVersion: () => 'read_receipts_version + 1' }),
          updatedAt: () => 'clock_timestamp()',
        },
      );
      const profile = await this.users.getProfile(tx.manager, userId);
      tx.record({ type: 'profile:changed', audience: { userIds: [userId] }, payload: { profile } });
      if (displayName !== undefined) recordName(tx, profile);
      if (isSwitched) await this.users.tellOfReadReceipts(tx, userId);
      return profile;
    });
  }

  /** @throws DomainError `user_not_found` */
  async get(_actor: Actor, userId: string): Promise<UserView> {
    const user = await this.dataSource.manager.findOneBy(UserEntity, { id: userId, deactivatedAt: IsNull() });
    if (user === null) throw userNotFound(userId);
    return toUserView(user);
  }

  /**
   * People whose username or display name begins with `query`, in whatever case.
   *
   * Someone who blocks the actor is not found: a search is how a stranger is approached. Their
   * profile can still be read by id, because those who share a group see their messages and need
   * a name for them.
   */
  async search(actor: Actor, input: PageQuery & { query: string }): Promise<Page<UserView>> {
    const { query, cursor, limit = LIMITS.listPageDefault } = input;
    return searchUsers(this.dataSource.manager, { askerId: actor.userId, query, cursor, limit });
  }

  /**
   * Blocks somebody: neither of the two can start or use a direct conversation with the other, and
   * each stops seeing the other's presence at once. Blocking twice changes nothing.
   * @throws DomainError `user_not_found`, or `validation_failed` for oneself
   */
  async block(actor: Actor, userId: string): Promise<void> {
    refuseOneself(actor, userId);
    await this.transactions.run(async (tx) => {
      await this.users.getUsers(tx.manager, [userId]);
      const added = await tx.query(
        `INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING blocked_id`,
        [actor.userId, userId],
      );
      if (added.length === 0) return;
      tx.record(blocking(actor, userId, true), hiding(actor.userId, userId), hiding(userId, actor.userId));
    });
  }

  /**
   * Takes a block back. Unblocking somebody who is not blocked changes nothing.
   * @throws DomainError `user_not_found`, or `validation_failed` for oneself
   */
  async unblock(actor: Actor, userId: string): Promise<void> {
    refuseOneself(actor, userId);
    await this.transactions.run(async (tx) => {
      const removed = await tx.manager.delete(BlockEntity, { blockerId: actor.userId, blockedId: userId });
      // Someone who has left can still be unblocked; only who never existed is not found.
      if (removed.affected === 0 && !(await tx.manager.existsBy(UserEntity, { id: userId })))
        throw userNotFound(userId);
      if (removed.affected !== 0) tx.record(blocking(actor, userId, false));
    });
  }

  /** Whom the actor blocks, in the order in which they registered. */
  async listBlocks(actor: Actor, input: PageQuery): Promise<Page<UserView>> {
    const { cursor, limit = LIMITS.listPageDefault } = input;
    const [afterId = BEFORE_ALL_IDS] = cursor === undefined ? [] : decodeCursor(cursor, [UUID]);
    const found = await findBlocked(this.dataSource.manager, { blockerId: actor.userId, afterId, count: limit + 1 });
    const items = found.slice(0, limit).map(toUserView);
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor([last.id]) : null };
  }
}

function refuseOneself(actor: Actor, userId: string): void {
  if (userId !== actor.userId) return;
  const message = 'must be somebody else';
  throw new DomainError('validation_failed', `userId ${message}`, { errors: [{ path: 'userId', message }] });
}

function nothingNamed(): DomainError {
  const message = 'Name at least one of displayName and readReceipts';
  return new DomainError('validation_failed', message, { errors: [{ path: 'displayName', message: 'is missing' }] });
}

/** Tells a person's name, as it is now. */
function recordName(tx: Tx, { id, username, displayName, createdAt }: ProfileView): void {
  const payload = { user: { id, username, displayName, createdAt } };
  tx.record(
    { type: 'user:changed', audience: { watchersOf: id }, payload },
    { type: 'user:changed', audience: { userIds: [id] }, payload },
  );
}

/** Tells one's other devices whom one blocks. */
function blocking({ userId: blockerId }: Actor, userId: string, blocked: boolean): Fact {
  return { type: 'block:changed', audience: { userIds: [blockerId] }, payload: { userId, blocked } };
}

/** Ends the watching of one person's presence by the other: to them, that person goes offline. */
function hiding(watchedId: string, watcherId: string): Fact {
  return {
    type: 'presence:changed',
    audience: { userIds: [watcherId] },
    payload: { userId: watchedId, state: 'offline', lastSeenAt: null },
    unwatches: watchedId,
  };
}
