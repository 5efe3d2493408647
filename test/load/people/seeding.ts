import type { Client } from 'pg';
import type { Conversation, Person, Population } from './population.js';

const BATCH = 1_000;

/**
 * Puts people, their sessions and their conversations straight into Parley's database. Registering
 * thousands by the front door would measure how slow a password hash is, which is its purpose.
 */
export async function seedPopulation(client: Client, { people, conversations }: Population): Promise<void> {
  for (const batch of batchesOf(people)) await seedPeople(client, batch);
  for (const batch of batchesOf(conversations)) await seedConversations(client, batch);
  await client.query('ANALYZE');
}

async function seedPeople(client: Client, people: readonly Person[]): Promise<void> {
  const userIds = people.map(({ userId }) => userId);
  await client.query(
    `INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash)
     SELECT id, 'u' || right(replace(id::text, '-', ''), 29), id::text, 'Somebody', 'somebody', '-'
       FROM unnest($1::uuid[]) AS id`,
    [userIds],
  );
  await client.query(
    `INSERT INTO sessions (id, user_id, refresh_hash, expires_at)
     SELECT id, user_id, sha256(id::text::bytea), now() + interval '1 day'
       FROM unnest($1::uuid[], $2::uuid[]) AS s (id, user_id)`,
    [people.map(({ sessionId }) => sessionId), userIds],
  );
}

async function seedConversations(client: Client, conversations: readonly Conversation[]): Promise<void> {
  const ids = conversations.map(({ id }) => id);
  const directKeys = conversations.map(({ kind, members }) =>
    kind === 'direct'
      ? members
          .map(({ userId }) => userId)
          .sort()
          .join(':')
      : null,
  );
  await client.query(
    `INSERT INTO conversations (id, kind, title, direct_key, created_by)
     SELECT id, CASE WHEN direct_key IS NULL THEN 'group' ELSE 'direct' END,
            CASE WHEN direct_key IS NULL THEN 'Team' END, direct_key, owner_id
       FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS c (id, direct_key, owner_id)`,
    [ids, directKeys, conversations.map(({ members }) => members[0]?.userId)],
  );
  await client.query('INSERT INTO conversation_heads (conversation_id) SELECT unnest($1::uuid[])', [ids]);
  const members = conversations.flatMap(({ id, kind, members: all }) =>
    all.map(({ userId }, place) => ({
      id,
      userId,
      peerId: kind === 'direct' ? (all[1 - place]?.userId ?? null) : null,
      role: kind === 'group' && place === 0 ? 'owner' : 'member',
    })),
  );
  await client.query(
    `INSERT INTO members (conversation_id, user_id, peer_id, role, joined_seq, visible_from_seq)
     SELECT *, 0, 0 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])`,
    [
      members.map(({ id }) => id),
      members.map(({ userId }) => userId),
      members.map(({ peerId }) => peerId),
      members.map(({ role }) => role),
    ],
  );
}

function* batchesOf<T>(items: readonly T[]): Generator<T[], undefined> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH);
}
