import type { EntityManager } from 'typeorm';
import { prepared } from '../database/connection.js';
import type { UserEntity } from './entities/user.entity.js';

/** What a list shows of a person. */
export type ListedUser = Pick<UserEntity, 'id' | 'username' | 'displayName' | 'createdAt'>;

const COLUMNS = `u.id, u.username, u.display_name AS "displayName", u.created_at AS "createdAt"`;

const BY_IDS_SQL = prepared(
  'users_by_ids',
  `SELECT ${COLUMNS}, u.read_receipts AS "readReceipts" FROM users u WHERE u.id = ANY ($1::uuid[])`,
);

/** Whom the asker `$2` may find: nobody who left, and nobody who blocks them. */
const FINDABLE = `u.deactivated_at IS NULL
  AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2)`;

/**
 * People whose username begins with the prefix, in its order, after `afterKey`.
 *
 * Served by users_username_key_idx. The operators are those of its `text_pattern_ops`: `<` and
 * a plain ORDER BY would follow the collation, which that index does not.
 */
export function findByUsername(
  db: EntityManager,
  search: { pattern: string; askerId: string; afterKey: string; count: number },
): Promise<(ListedUser & { key: string })[]> {
  return db.query(
    `SELECT ${COLUMNS}, u.username_key AS key FROM users u
      WHERE u.username_key LIKE $1 AND ${FINDABLE}
        AND u.username_key ~>~ $3
      ORDER BY u.username_key USING ~<~ LIMIT $4`,
    [search.pattern, search.askerId, search.afterKey, search.count],
  );
}

/**
 * People whose display name begins with the prefix and whose username does not, in the order of
 * display name and id, after `afterKey` and `afterId`. Served by users_display_name_key_idx.
 */
export function findByDisplayName(
  db: EntityManager,
  search: { pattern: string; askerId: string; afterKey: string; afterId: string; count: number },
): Promise<(ListedUser & { key: string })[]> {
  return db.query(
    `SELECT ${COLUMNS}, u.display_name_key AS key FROM users u
      WHERE u.display_name_key LIKE $1 AND ${FINDABLE}
        AND u.display_name_key ~>=~ $3 AND (u.display_name_key <> $3 OR u.id > $4)
        AND u.username_key NOT LIKE $1
      ORDER BY u.display_name_key USING ~<~, u.id LIMIT $5`,
    [search.pattern, search.askerId, search.afterKey, search.afterId, search.count],
  );
}

/** These people, also those who left. Served by users_id_pk. */
export function findByIds(
  db: EntityManager,
  ids: readonly string[],
): Promise<(ListedUser & Pick<UserEntity, 'readReceipts'>)[]> {
  return db.query(BY_IDS_SQL, [ids]);
}

/** Whom this person blocks, by id. Served by blocks_blocker_id_blocked_id_pk. */
export function findBlocked(
  db: EntityManager,
  list: { blockerId: string; afterId: string; count: number },
): Promise<ListedUser[]> {
  return db.query(
    `SELECT ${COLUMNS} FROM blocks b JOIN users u ON u.id = b.blocked_id
      WHERE b.blocker_id = $1 AND b.blocked_id > $2
      ORDER BY b.blocked_id LIMIT $3`,
    [list.blockerId, list.afterId, list.count],
  );
}

/** A LIKE pattern for what begins with `prefix`, whatever is in it. */
export function toPrefixPattern(prefix: string): string {
  return `${prefix.replace(/[\\%_]/g, '\\$&')}%`;
}
