import { createDatabase, type TestDatabase } from '../support/database.js';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const redisUrl = process.env['PARLEY_TEST_REDIS_URL'];
if (redisUrl === undefined) console.warn('PARLEY_TEST_REDIS_URL is not set: two nodes over Redis are not tested');

const carriers: { name: string; env: Record<string, string> }[] = [
  { name: 'PostgreSQL', env: { PARLEY_FAN_OUT: 'postgres' } },
  ...(redisUrl === undefined ? [] : [{ name: 'Redis', env: { PARLEY_FAN_OUT: 'redis', REDIS_URL: redisUrl } }]),
];

describe.each(carriers)('two nodes over $name', ({ env }) => {
  let database: TestDatabase;
  let here: RunningApp, there: RunningApp;
  let socketsHere: Sockets, socketsThere: Sockets;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    database = await createDatabase();
    here = await startApp({ databaseUrl: database.url, env });
    there = await startApp({ databaseUrl: database.url, env });
    socketsHere = new Sockets(here);
    socketsThere = new Sockets(there);
  });
  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(here, 'ada', 'ben', 'cleo'));
  });
  afterEach(() => {
    socketsHere.closeAll();
    socketsThere.closeAll();
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  const bodies = (socket: TestSocket, group: string): (string | null)[] =>
    socket.messages(group).flatMap(({ kind, body }) => (kind === 'text' ? [body] : []));

  async function heard(socket: TestSocket, body: string): Promise<void> {
    await socket.next('message:sent', ({ message }) => message.body === body);
  }

  it('everybody hears everything once and in order, whatever its size', async () => {
    const group = await groupOf(ada, ben);
    const [sender, listener] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    const texts = Array.from({ length: 40 }, (_, i) => `${i} ${'ü'.repeat(i % 10 === 0 ? 3_900 : 10)}`);
    await Promise.all(texts.map((text) => sender.say(group, text)));
    await listener.say(group, 'thanks');
    await heard(listener, 'thanks');
    await heard(sender, 'thanks');
    await heard(listener, texts.at(-1) ?? '');
    expect(bodies(listener, group)).toEqual([...texts, 'thanks']);
    expect(bodies(sender, group)).toEqual([...texts, 'thanks']);
  });

  it('somebody who is added to a large group hears of it, and what is said from then on', async () => {
    const names = Array.from({ length: 45 }, (_, i) => `person${i}`);
    const crowd = Object.values(await people(here, ...names));
    const group = await groupOf(ada, ...crowd);
    const [sender, joiner] = [await socketsHere.connect(ada), await socketsThere.connect(cleo)];
    await sender.say(group, 'before');
    await addTo(group, ada, cleo, ben);
    await sender.say(group, 'after');
    await heard(joiner, 'after');
    const joined = await joiner.next('conversation:joined');
    expect(joined.conversation.members).toHaveLength(48);
    expect(bodies(joiner, group)).toEqual(['after']);
    expect(joiner.messages(group)[0]?.data).toMatchObject({ event: 'members_added' });
  });

  it('somebody who is removed hears of it and nothing after it', async () => {
    const names = Array.from({ length: 45 }, (_, i) => `person${i}`);
    const crowd = Object.values(await people(here, ...names));
    const group = await groupOf(ada, ben, cleo, ...crowd);
    const [sender, removed, other] = [
      await socketsHere.connect(ada),
      await socketsThere.connect(ben),
      await socketsThere.connect(cleo),
    ];
    await sender.say(group, 'before');
    await removeFrom(group, ada, ben);
    await sender.say(group, 'after');
    await heard(other, 'after');
    await removed.next('conversation:left');
    expect(bodies(removed, group)).toEqual(['before']);
  });

  it('presence and typing reach the other node', async () => {
    const group = await groupOf(ada, ben);
    const watcher = await socketsHere.connect(ada);
    await watcher.command('presence:watch', { userIds: [ben.id] });
    const writer = await socketsThere.connect(ben);
    expect(await watcher.next('presence:changed')).toMatchObject({ userId: ben.id, state: 'active' });
    await writer.command('typing:start', { conversationId: group });
    expect(await watcher.next('typing:changed')).toEqual({ conversationId: group, userId: ben.id, typing: true });
  });
});
