import type { DataSource } from 'typeorm';
import { newId } from '../../apps/server/src/common/id.js';

/** Puts people straight into the database, for tests below the level of REST. */
export async function seedUsers(dataSource: DataSource, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  await dataSource.query(
    `INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash)
     SELECT id, 'u' || right(replace(id::text, '-', ''), 29), id::text, 'Somebody', 'somebody', '-' FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
  return ids;
}

/** A group of these people; the first is its owner. */
export async function seedGroup(dataSource: DataSource, userIds: readonly string[]): Promise<string> {
  const id = newId();
  await dataSource.query(`INSERT INTO conversations (id, kind, title, created_by) VALUES ($1, 'group', 'Team', $2)`, [
    id,
    userIds[0],
  ]);
  await dataSource.query('INSERT INTO conversation_heads (conversation_id) VALUES ($1)', [id]);
  await dataSource.query(
    `INSERT INTO members (conversation_id, user_id, role, joined_seq, visible_from_seq)
     SELECT $1, u.id, CASE WHEN u.ord = 1 THEN 'owner' ELSE 'member' END, 0, 0
       FROM unnest($2::uuid[]) WITH ORDINALITY AS u (id, ord)`,
    [id, userIds],
  );
  return id;
}

/** The direct conversation of two people. */
export async function seedDirect(dataSource: DataSource, one: string, other: string): Promise<string> {
  const id = newId();
  await dataSource.query(`INSERT INTO conversations (id, kind, direct_key, created_by) VALUES ($1, 'direct', $2, $3)`, [
    id,
    [one, other].sort().join(':'),
    one,
  ]);
  await dataSource.query('INSERT INTO conversation_heads (conversation_id) VALUES ($1)', [id]);
  await dataSource.query(
    `INSERT INTO members (conversation_id, user_id, peer_id, role, joined_seq, visible_from_seq)
     VALUES ($1, $2, $3, 'member', 0, 0), ($1, $3, $2, 'member', 0, 0)`,
    [id, one, other],
  );
  return id;
}
