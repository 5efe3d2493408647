import { Injectable } from '@nestjs/common';
import type { ProfileView, UserView } from '@parley/contracts';
import { In, IsNull, type EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { prepared } from '../database/connection.js';
import type { Tx } from '../database/transactions.js';
import { UserEntity } from './entities/user.entity.js';
import { foldKey } from './fold-key.js';
import { findByIds } from './users.queries.js';
import { toProfileView, toUserView } from './users.view.js';

const READ_SWITCHES_SQL = prepared(
  'read_switches',
  `SELECT id, read_receipts AS shown, read_receipts_version AS version FROM users
    WHERE id = ANY ($1::uuid[]) AND (NOT read_receipts OR read_receipts_version > 0)`,
);

/** Whether somebody tells others how far they have read, and how often they have changed their mind. */
export interface ReadReceiptsSwitch {
  shown: boolean;
  version: number;
}

/** The switch of everybody who has never turned it. */
export const READ_RECEIPTS_UNTOUCHED: ReadReceiptsSwitch = { shown: true, version: 0 };

/** Hears, inside the transaction that does it, that somebody shows or hides from now on what they read. */
export type ReadReceiptsListener = (tx: Tx, userId: string, turned: ReadReceiptsSwitch) => Promise<void>;

/** What a password is checked against. */
export interface Credentials {
  userId: string;
  passwordHash: string;
  /** Grows with every change of the password. */
  authVersion: number;
}

/**
 * People, as the other features may know and change them. It does not decide who may do what with
 * whom, and it neither makes nor checks password hashes; that is `auth`.
 */
@Injectable()
export class UsersAccess {
  private readonly readReceiptsListeners: ReadReceiptsListener[] = [];

  /** For features built on people, which cannot be called from here. */
  onReadReceiptsSwitched(listener: ReadReceiptsListener): void {
    this.readReceiptsListeners.push(listener);
  }

  /** Lets those features record what follows. */
  async tellOfReadReceipts(tx: Tx, userId: string): Promise<void> {
    const turned = (await this.findReadSwitches(tx.manager, [userId])).get(userId) ?? READ_RECEIPTS_UNTOUCHED;
    for (const listener of this.readReceiptsListeners) await listener(tx, userId, turned);
  }

  /**
   * Creates a person. Of several at once who want one username, one gets it.
   * @throws DomainError `username_taken`
   */
  async create(tx: Tx, input: { username: string; displayName: string; passwordHash: string }): Promise<ProfileView> {
    const id = newId();
    const created = await tx.query(
      `INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT ON CONSTRAINT users_username_key_uq DO NOTHING
       RETURNING id`,
      [id, input.username, foldKey(input.username), input.displayName, foldKey(input.displayName), input.passwordHash],
    );
    if (created.length === 0) throw new DomainError('username_taken', `The username ${input.username} is taken`);
    return this.getProfile(tx.manager, id);
  }

  /** What to check a login against; null for someone who does not exist or was deactivated. */
  async findCredentials(db: EntityManager, username: string): Promise<Credentials | null> {
    return this.findCredentialsBy(db, { usernameKey: foldKey(username) });
  }

  /** @throws DomainError `user_not_found` */
  async getCredentials(db: EntityManager, userId: string): Promise<Credentials> {
    const credentials = await this.findCredentialsBy(db, { id: userId });
    if (credentials === null) throw userNotFound(userId);
    return credentials;
  }

  /**
   * Locks the account until the transaction ends and makes sure that the credentials which were
   * checked before it are still the ones. Whoever starts a session or changes the password on the
   * strength of a checked password calls this first: a session that an old password opened must not
   * slip in behind the change that ends all sessions.
   * @throws DomainError `credentials_invalid`
   */
  async lockCredentials(tx: Tx, { userId, authVersion }: Credentials): Promise<void> {
    const rows = await tx.query(
      `SELECT id FROM users WHERE id = $1 AND auth_version = $2 AND deactivated_at IS NULL FOR NO KEY UPDATE`,
      [userId, authVersion],
    );
    if (rows.length === 0) throw new DomainError('credentials_invalid', 'The password was changed in the meantime');
  }

  /** Stores the hash of a new password: what was checked against the old one is void. */
  async setPasswordHash(tx: Tx, userId: string, passwordHash: string): Promise<void> {
    await tx.manager.update(UserEntity, { id: userId }, { passwordHash, authVersion: () => 'auth_version + 1' });
  }

  /** Stores a stronger hash of the same password. The account must be locked. */
  async upgradePasswordHash(tx: Tx, userId: string, passwordHash: string): Promise<void> {
    await tx.manager.update(UserEntity, { id: userId }, { passwordHash });
  }

  /** @throws DomainError `user_not_found` */
  async getProfile(db: EntityManager, userId: string): Promise<ProfileView> {
    const user = await db.findOneBy(UserEntity, { id: userId, deactivatedAt: IsNull() });
    if (user === null) throw userNotFound(userId);
    return toProfileView(user);
  }

  /**
   * The profile, locked until the transaction ends: of two changes at once, the second sees the first.
   * @throws DomainError `user_not_found`
   */
  async lockProfile(tx: Tx, userId: string): Promise<ProfileView> {
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    return this.getProfile(tx.manager, userId);
  }

  /**
   * All of these people, by id.
   * @throws DomainError `user_not_found` when one does not exist or was deactivated.
   */
  async getUsers(db: EntityManager, ids: readonly string[]): Promise<Map<string, UserView>> {
    if (ids.length === 0) return new Map();
    const users = await db.findBy(UserEntity, { id: In([...ids]), deactivatedAt: IsNull() });
    const views = new Map(users.map((user) => [user.id, toUserView(user)]));
    const missing = ids.find((id) => !views.has(id));
    if (missing !== undefined) throw userNotFound(missing);
    return views;
  }

  /** Those of these people who exist, by id, also after they left: a conversation goes on naming them. */
  async findUsers(db: EntityManager, ids: readonly string[]): Promise<Map<string, UserView>> {
    if (ids.length === 0) return new Map();
    const users = await findByIds(db, ids);
    return new Map(users.map((user) => [user.id, toUserView(user)]));
  }

  /** The same, and who of them does not tell others how far they have read. */
  async findPeople(
    db: EntityManager,
    ids: ReadonlySet<string>,
  ): Promise<{ users: Map<string, UserView>; readHiders: Set<string> }> {
    const found = ids.size === 0 ? [] : await findByIds(db, [...ids]);
    const hiding = found.filter(({ readReceipts }) => !readReceipts);
    return {
      users: new Map(found.map((user) => [user.id, toUserView(user)])),
      readHiders: new Set(hiding.map((user) => user.id)),
    };
  }

  /** Those of `others` whom `userId` blocks or who block `userId`. */
  async findBlocks(db: EntityManager, userId: string, others: readonly string[]): Promise<Set<string>> {
    if (others.length === 0) return new Set();
    const rows: { id: string }[] = await db.query(
      `SELECT blocked_id AS id FROM blocks WHERE blocker_id = $1 AND blocked_id = ANY ($2::uuid[])
        UNION
       SELECT blocker_id FROM blocks WHERE blocker_id = ANY ($2::uuid[]) AND blocked_id = $1`,
      [userId, others],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Those of these people who do not tell others how far they have read. */
  async findReadHiders(db: EntityManager, userIds: readonly string[]): Promise<Set<string>> {
    const switches = await this.findReadSwitches(db, userIds);
    return new Set([...switches].flatMap(([id, { shown }]) => (shown ? [] : [id])));
  }

  /** The switches of those of these people who have ever turned them. */
  async findReadSwitches(db: EntityManager, userIds: readonly string[]): Promise<Map<string, ReadReceiptsSwitch>> {
    if (userIds.length === 0) return new Map();
    const rows: (ReadReceiptsSwitch & { id: string })[] = await db.query(READ_SWITCHES_SQL, [userIds]);
    return new Map(rows.map(({ id, shown, version }) => [id, { shown, version }]));
  }

  /**
   * Notes when people were connected last; an earlier time than the one known changes nothing. No
   * fact: presence tells it.
   */
  async touchLastSeen(db: EntityManager, lastSeen: ReadonlyMap<string, Date>): Promise<void> {
    await db.query(
      `UPDATE users u SET last_seen_at = greatest(u.last_seen_at, seen.at)
         FROM unnest($1::uuid[], $2::timestamptz[]) AS seen (id, at)
        WHERE u.id = seen.id`,
      [[...lastSeen.keys()], [...lastSeen.values()]],
    );
  }

  /** When these people were connected last; those who never were are missing. */
  async findLastSeen(db: EntityManager, userIds: readonly string[]): Promise<Map<string, Date>> {
    if (userIds.length === 0) return new Map();
    const rows: { id: string; at: Date }[] = await db.query(
      'SELECT id, last_seen_at AS at FROM users WHERE id = ANY ($1::uuid[]) AND last_seen_at IS NOT NULL',
      [userIds],
    );
    return new Map(rows.map((row) => [row.id, row.at]));
  }

  private async findCredentialsBy(
    db: EntityManager,
    where: { id: string } | { usernameKey: string },
  ): Promise<Credentials | null> {
    const user = await db.findOne(UserEntity, {
      select: { id: true, passwordHash: true, authVersion: true },
      where: { ...where, deactivatedAt: IsNull() },
    });
    return user && { userId: user.id, passwordHash: user.passwordHash, authVersion: user.authVersion };
  }
}

export function userNotFound(userId: string): DomainError {
  return new DomainError('user_not_found', `There is no user ${userId}`);
}
