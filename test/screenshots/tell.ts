import { ParleyClient, type Conversation } from '@parley/client';
import { Client } from 'pg';
import { PEOPLE, TALKS, type Line, type Name, type Talk } from './story.js';

export const PASSWORD = 'correct horse battery';

export type Clients = Record<Name, ParleyClient>;

/** Registers everybody of the story; all are online until they are closed. */
export async function registerAll(url: string): Promise<Clients> {
  const registered = await Promise.all(
    Object.entries(PEOPLE).map(async ([username, displayName]) => {
      const client = new ParleyClient({ url });
      await client.register({ username, displayName, password: PASSWORD });
      await isOnline(client);
      return [username, client] as const;
    }),
  );
  return Object.fromEntries(registered) as Clients;
}

/** Has the people say what they say, the latest conversation last; where each was said, in the order of the story. */
export async function tellAll(clients: Clients): Promise<string[]> {
  const ids: string[] = [];
  for (const talk of TALKS) ids.push(await tell(clients, talk));
  return ids;
}

async function tell(clients: Clients, { title, members, lines, unread = 0, pinned, muted }: Talk): Promise<string> {
  const others = members.filter((name) => name !== 'ada').map((name) => idOf(clients[name]));
  const { conversations } = clients.ada;
  const [other = ''] = others;
  const { id } =
    title === null
      ? await conversations.createDirect(other)
      : await conversations.createGroup({ title, memberIds: others });
  const numbers: number[] = [];
  for (const line of lines) {
    const answers = line.answers === undefined ? {} : { replyTo: numbers[line.answers] ?? 0 };
    const { seq } = await clients[line.by].conversation(id).send(line.text, answers).sent;
    numbers.push(seq);
    await react(clients, id, seq, line);
  }
  const read = numbers[numbers.length - 1 - unread] ?? 0;
  for (const name of members) {
    const conversation: Conversation = clients[name].conversation(id);
    conversation.markRead(name === 'ada' ? read : (numbers.at(-1) ?? 0));
  }
  if (pinned === true) await clients.ada.conversation(id).updateSettings({ pinned });
  if (muted === true) await clients.ada.conversation(id).updateSettings({ mutedUntil: '2099-01-01T00:00:00.000Z' });
  return id;
}

async function react(clients: Clients, id: string, seq: number, { reactions = {} }: Line): Promise<void> {
  for (const [emoji, names = []] of Object.entries(reactions)) {
    for (const name of names) await clients[name].conversation(id).react(seq, emoji);
  }
}

/** Moves what was said a moment ago to when it was said in the story: the same picture at any hour. */
export async function setTimes(databaseUrl: string, ids: readonly string[]): Promise<void> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    for (const [index, id] of ids.entries()) {
      const times = (TALKS[index]?.lines ?? []).map(({ at }) => `${at}:00Z`);
      await database.query(
        `UPDATE messages m SET created_at = said.at
           FROM (SELECT at, ord FROM unnest($2::timestamptz[]) WITH ORDINALITY AS t (at, ord)) AS said
          WHERE m.conversation_id = $1 AND m.kind = 'text'
            AND said.ord = (SELECT count(*) FROM messages n
                             WHERE n.conversation_id = $1 AND n.kind = 'text' AND n.seq <= m.seq)`,
        [id, times],
      );
      await database.query(`UPDATE messages SET created_at = $2 WHERE conversation_id = $1 AND kind = 'system'`, [
        id,
        times[0],
      ]);
      await database.query('UPDATE conversation_heads SET last_message_at = $2 WHERE conversation_id = $1', [
        id,
        times.at(-1),
      ]);
    }
  } finally {
    await database.end();
  }
}

function idOf(client: ParleyClient): string {
  return client.me.getSnapshot()?.id ?? '';
}

function isOnline(client: ParleyClient): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.connection.subscribe(check);
    function check(): void {
      if (client.connection.getSnapshot().state !== 'online') return;
      stop();
      resolve();
    }
    check();
  });
}
