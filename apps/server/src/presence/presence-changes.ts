import type { PresenceState, PresenceView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import type { UsersAccess } from '../users/users.access.js';
import { findStates, lockTold, writeTold } from './presence.queries.js';

/** New states of people, by their id. */
export type PresenceChanges = ReadonlyMap<string, PresenceState>;

/**
 * Compares what these people's connections say now with what was told last, notes the differences as
 * told, and returns them to be announced after the commit.
 *
 * Invariant: whoever writes a connection calls this in the same transaction. The row of each person
 * is locked first and their connections are read in a later statement, so the last of several
 * writers sees what all of them have done, and no change falls between two of them.
 */
export async function settlePresence(
  db: EntityManager,
  userIds: readonly string[],
  graceMs: number,
): Promise<PresenceChanges> {
  const told = await lockTold(db, userIds);
  const states = await findStates(db, userIds, graceMs);
  const changes = new Map<string, PresenceState>();
  const toWrite = new Map<string, PresenceState>();
  for (const [userId, before] of told) {
    const state = states.get(userId) ?? 'offline';
    if (state !== before) changes.set(userId, state);
    if (state !== before || state === 'offline') toWrite.set(userId, state);
  }
  if (toWrite.size > 0) await writeTold(db, toWrite);
  return changes;
}

/** What everybody who may see these people sees of them, in the given order. */
export async function toPresenceViews(
  db: EntityManager,
  users: UsersAccess,
  states: PresenceChanges,
): Promise<PresenceView[]> {
  const offline = [...states].filter(([, state]) => state === 'offline').map(([userId]) => userId);
  const lastSeen = await users.findLastSeen(db, offline);
  return [...states].map(([userId, state]) => ({
    userId,
    state,
    lastSeenAt: state === 'offline' ? (lastSeen.get(userId)?.toISOString() ?? null) : null,
  }));
}
