import type { PresenceState } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { aggregateStates } from './aggregate-states.js';

/**
 * The tables of presence, in SQL. All times are the database's, so that the clocks of the nodes do
 * not matter.
 *
 * Locks are taken in this order: the node's row, rows of connections, rows of `presences` in order
 * of people. Sweeping skips what others hold in the first two, so it never waits there.
 */

type OnlineState = Exclude<PresenceState, 'offline'>;

export interface ConnectionRow {
  connectionId: string;
  sessionId: string;
  userId: string;
  state: OnlineState;
}

export interface OverConnection {
  userId: string;
  lastSeenAt: Date;
}

const milliseconds = (parameter: string): string => `${parameter} * interval '1 millisecond'`;

/** Adds a node with a lease that begins now. */
export async function insertNode(db: EntityManager, bootId: string, leaseMs: number): Promise<void> {
  await db.query(`INSERT INTO nodes (boot_id, lease_until) VALUES ($1, clock_timestamp() + ${milliseconds('$2')})`, [
    bootId,
    leaseMs,
  ]);
}

/**
 * Moves the end of a lease; false when it ended so long ago that the node counts as dead and others
 * may be clearing up after it.
 */
export async function renewNode(
  db: EntityManager,
  bootId: string,
  { leaseMs, graceMs }: { leaseMs: number; graceMs: number },
): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `WITH renewed AS (
       UPDATE nodes SET lease_until = clock_timestamp() + ${milliseconds('$2')}
        WHERE boot_id = $1 AND lease_until > clock_timestamp() - ${milliseconds('$3')}
       RETURNING boot_id
     ) SELECT boot_id FROM renewed`,
    [bootId, leaseMs, graceMs],
  );
  return rows.length > 0;
}

/** Ends a node and all its connections now. */
export async function endNode(db: EntityManager, bootId: string): Promise<void> {
  await db.query('UPDATE nodes SET lease_until = least(lease_until, clock_timestamp()) WHERE boot_id = $1', [bootId]);
  await db.query(`UPDATE connections SET ended_at = clock_timestamp() WHERE boot_id = $1 AND ended_at IS NULL`, [
    bootId,
  ]);
}

/** Keeps a node from being cleared up until the transaction ends; false when it has been already. */
export async function holdNode(db: EntityManager, bootId: string): Promise<boolean> {
  const rows: unknown[] = await db.query('SELECT 1 FROM nodes WHERE boot_id = $1 FOR KEY SHARE', [bootId]);
  return rows.length > 0;
}

export async function upsertConnections(
  db: EntityManager,
  bootId: string,
  connections: readonly ConnectionRow[],
): Promise<void> {
  await db.query(
    `INSERT INTO connections (boot_id, connection_id, session_id, user_id, state)
     SELECT $1, c.* FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[]) AS c
     ON CONFLICT (boot_id, connection_id) DO UPDATE SET state = excluded.state`,
    [
      bootId,
      connections.map((connection) => connection.connectionId),
      connections.map((connection) => connection.sessionId),
      connections.map((connection) => connection.userId),
      connections.map((connection) => connection.state),
    ],
  );
}

export async function endConnections(
  db: EntityManager,
  bootId: string,
  connectionIds: readonly string[],
): Promise<void> {
  await db.query(
    'UPDATE connections SET ended_at = clock_timestamp() WHERE boot_id = $1 AND connection_id = ANY ($2::text[])',
    [bootId, connectionIds],
  );
}

/** Nodes whose lease ended more than the grace period ago, locked; those that somebody else clears up are left out. */
export async function lockDeadNodes(db: EntityManager, graceMs: number): Promise<string[]> {
  const rows: { bootId: string }[] = await db.query(
    `SELECT boot_id AS "bootId" FROM nodes WHERE lease_until <= now() - ${milliseconds('$1')}
      ORDER BY boot_id FOR UPDATE SKIP LOCKED`,
    [graceMs],
  );
  return rows.map((row) => row.bootId);
}

/** Deletes up to `limit` connections that ended before the grace period or belong to dead nodes. */
export async function deleteOverConnections(
  db: EntityManager,
  { deadNodes, graceMs, limit }: { deadNodes: readonly string[]; graceMs: number; limit: number },
): Promise<OverConnection[]> {
  return db.query(
    `WITH over AS MATERIALIZED (
       SELECT boot_id, connection_id FROM connections
        WHERE ended_at <= now() - ${milliseconds('$1')} OR boot_id = ANY ($2::uuid[])
        LIMIT $3 FOR UPDATE SKIP LOCKED
     ), deleted AS (
       DELETE FROM connections c USING over
        WHERE c.boot_id = over.boot_id AND c.connection_id = over.connection_id
       RETURNING c.boot_id, c.user_id, c.ended_at
     )
     SELECT d.user_id AS "userId", least(d.ended_at, n.lease_until, now()) AS "lastSeenAt"
       FROM deleted d LEFT JOIN nodes n ON n.boot_id = d.boot_id`,
    [graceMs, deadNodes, limit],
  );
}

/** Deletes those of these nodes that have no connections left. */
export async function deleteNodes(db: EntityManager, bootIds: readonly string[]): Promise<void> {
  await db.query(
    `DELETE FROM nodes n WHERE n.boot_id = ANY ($1::uuid[])
        AND NOT EXISTS (SELECT 1 FROM connections c WHERE c.boot_id = n.boot_id)`,
    [bootIds],
  );
}

/**
 * Who is there, by the rule: a connection counts while it is open or ended less than the grace
 * period ago, and its node's lease likewise. People who are offline are missing.
 */
export async function findStates(
  db: EntityManager,
  userIds: readonly string[],
  graceMs: number,
): Promise<Map<string, PresenceState>> {
  const rows: { userId: string; states: OnlineState[] }[] = await db.query(
    `SELECT c.user_id AS "userId", array_agg(DISTINCT c.state) AS states
       FROM connections c
       JOIN nodes n ON n.boot_id = c.boot_id
      WHERE c.user_id = ANY ($1::uuid[])
        AND (c.ended_at IS NULL OR c.ended_at > now() - ${milliseconds('$2')})
        AND n.lease_until > now() - ${milliseconds('$2')}
      GROUP BY c.user_id`,
    [userIds, graceMs],
  );
  return new Map(rows.map((row) => [row.userId, aggregateStates(row.states)]));
}

/** What was told last about these people, locked for the rest of the transaction, also where nothing was told. */
export async function lockTold(db: EntityManager, userIds: readonly string[]): Promise<Map<string, PresenceState>> {
  const rows: { userId: string; state: PresenceState }[] = await db.query(
    `INSERT INTO presences AS p (user_id, state)
     SELECT id, 'offline' FROM unnest($1::uuid[]) AS id ORDER BY id
     ON CONFLICT (user_id) DO UPDATE SET state = p.state
     RETURNING user_id AS "userId", state`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.userId, row.state]));
}

/** Notes what is going to be told. People who are offline need no row. */
export async function writeTold(db: EntityManager, states: ReadonlyMap<string, PresenceState>): Promise<void> {
  const people = [...states];
  const online = people.filter(([, state]) => state !== 'offline');
  const offline = people.filter(([, state]) => state === 'offline').map(([userId]) => userId);
  if (online.length > 0) {
    await db.query(
      `UPDATE presences p SET state = told.state
         FROM unnest($1::uuid[], $2::text[]) AS told (user_id, state)
        WHERE p.user_id = told.user_id`,
      [online.map(([userId]) => userId), online.map(([, state]) => state)],
    );
  }
  if (offline.length > 0) await db.query('DELETE FROM presences WHERE user_id = ANY ($1::uuid[])', [offline]);
}

/** What was told last about these people; somebody who is missing is offline. */
export async function findTold(db: EntityManager, userIds: readonly string[]): Promise<Map<string, PresenceState>> {
  const rows: { userId: string; state: PresenceState }[] = await db.query(
    'SELECT user_id AS "userId", state FROM presences WHERE user_id = ANY ($1::uuid[])',
    [userIds],
  );
  return new Map(rows.map((row) => [row.userId, row.state]));
}
