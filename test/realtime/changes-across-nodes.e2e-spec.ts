import type { MessageView } from '@parley/contracts';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { rest } from '../support/rest.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const redisUrl = process.env['PARLEY_TEST_REDIS_URL'];

/** How the nodes hear each other; over `local` they do not, and find everything by comparing. */
const carriers: { name: string; env: Record<string, string> }[] = [
  { name: 'hear each other over PostgreSQL', env: { PARLEY_FAN_OUT: 'postgres' } },
  ...(redisUrl === undefined
    ? []
    : [{ name: 'hear each other over Redis', env: { PARLEY_FAN_OUT: 'redis', REDIS_URL: redisUrl } }]),
  { name: 'do not hear each other', env: { PARLEY_FAN_OUT: 'local', PARLEY_AUDIT_SECONDS: '1' } },
];

/** A message as it was told, with the number that it was told for. */
interface Told {
  seq: number;
  message: MessageView;
}

function toldTo(socket: TestSocket, group: string): Told[] {
  return socket.heard.flatMap(({ fact, payload }) =>
    (fact === 'message:sent' || fact === 'message:changed') && payload.conversationId === group ? [payload] : [],
  );
}

/** Waits until a number has been told; a node that must read it may take several seconds. */
async function reached(socket: TestSocket, group: string, seq: number): Promise<Told[]> {
  await socket.until(() => toldTo(socket, group).find((told) => told.seq === seq), undefined, `not told of ${seq}`);
  return toldTo(socket, group);
}

/** What a client shows that knows only what it was told: of each text the newest view. */
function shown(told: readonly Told[]): MessageView[] {
  const newest = new Map<number, MessageView>();
  for (const { message } of told) {
    const known = newest.get(message.seq);
    if (known === undefined || orderOf(message) > orderOf(known)) newest.set(message.seq, message);
  }
  return [...newest.values()].filter(({ kind }) => kind === 'text').sort((a, b) => a.seq - b.seq);
}

const orderOf = ({ changedSeq, seq }: MessageView): number => changedSeq ?? seq;
const seqsOf = (told: readonly Told[]): number[] => told.map(({ seq }) => seq);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function history(person: Person, group: string): Promise<MessageView[]> {
  const { body } = await person.rest.get<{ items: MessageView[] }>(`/conversations/${group}/messages?limit=100`);
  return body.items.filter(({ kind }) => kind === 'text');
}

describe.each(carriers)('changes of messages on two nodes that $name', ({ env }) => {
  let here: RunningApp, there: RunningApp;
  let socketsHere: Sockets, socketsThere: Sockets;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    here = await startApp({ env });
    there = await startApp({ databaseUrl: here.databaseUrl, env });
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
    await there.close();
    await here.close();
  });

  it('reach everybody once and in order, when each message changes once', async () => {
    const group = await groupOf(ada, ben);
    const [adas, bens] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    for (const socket of [adas, bens]) await Promise.all(range(1, 10).map((n) => socket.say(group, `${n}`)));
    const mine = (await history(ada, group)).filter(({ senderId }) => senderId === ada.id).map(({ seq }) => seq);
    const on = (seq: number): { conversationId: string; seq: number } => ({ conversationId: group, seq });
    const acks = await Promise.all([
      // Too large for one notification of PostgreSQL.
      ...mine.slice(0, 4).map((seq) => adas.command('message:edit', { ...on(seq), body: 'ü'.repeat(4_000) })),
      ...mine.slice(4, 7).map((seq) => adas.command('message:delete', on(seq))),
      ...mine.slice(7, 10).map((seq) => bens.command('reaction:add', { ...on(seq), emoji: '👍' })),
    ]);
    expect(acks.map(({ ok }) => ok)).not.toContain(false);
    for (const socket of [adas, bens]) {
      const told = await reached(socket, group, 31);
      expect(seqsOf(told)).toEqual(range(2, 31));
      expect(shown(told)).toEqual(await history(ada, group));
    }
  });

  it('lead everybody to the same messages, when the same ones change again and again on both', async () => {
    const group = await groupOf(ada, ben);
    const [adas, bens] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    const { seq } = await adas.say(group, 'first');
    const on = { conversationId: group, seq };
    const emojis = ['👍', '🎉', '🙂', '🚀', '❤️'];
    const acks = await Promise.all([
      ...range(1, 5).map((n) => adas.command('message:edit', { ...on, body: `edit ${n}` })),
      ...emojis.flatMap((emoji) => [adas, bens].map((socket) => socket.command('reaction:add', { ...on, emoji }))),
      ...emojis.map((emoji) => bens.command('reaction:remove', { ...on, emoji })),
    ]);
    expect(acks.map(({ ok }) => ok)).not.toContain(false);
    const marker = await bens.say(group, 'marker');
    for (const socket of [adas, bens]) {
      const told = await reached(socket, group, marker.seq);
      expect(seqsOf(told)).toEqual([...new Set(seqsOf(told))].sort((a, b) => a - b));
      expect(shown(told)).toEqual(await history(ada, group));
    }
  });

  it('never tell a text after its deletion', async () => {
    const group = await groupOf(ada, ben);
    const [adas, bens] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    const { seq } = await adas.say(group, 'a secret');
    await adas.command('message:edit', { conversationId: group, seq, body: 'a better secret' });
    await adas.command('message:delete', { conversationId: group, seq });
    const marker = await adas.say(group, 'marker');
    for (const socket of [adas, bens]) {
      const told = await reached(socket, group, marker.seq);
      const deletion = told.findIndex(({ message }) => message.deletedAt !== null);
      expect(deletion).toBeGreaterThanOrEqual(0);
      expect(JSON.stringify(told.slice(deletion))).not.toContain('secret');
      expect(shown(told)).toEqual(await history(ada, group));
    }
  });

  it('are told to nobody who joined later than the message, and neither is the message', async () => {
    const group = await groupOf(ada, ben);
    const [adas, bens] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    const { seq } = await adas.say(group, 'before');
    await addTo(group, ada, cleo);
    // Her node may not have told all of this to ben yet; she must not hear it together with him.
    const cleos = await socketsThere.connect(cleo);
    await adas.command('message:edit', { conversationId: group, seq, body: `before ${'ü'.repeat(3_900)}` });
    const { seq: later } = await adas.say(group, 'after');
    await adas.command('message:edit', { conversationId: group, seq: later, body: 'after all' });
    const told = await reached(cleos, group, later + 1);
    expect(shown(told).map((message) => message.body)).toEqual(['after all']);
    expect(JSON.stringify(cleos.heard)).not.toContain('before');
    expect(shown(await reached(bens, group, later + 1))).toEqual(await history(ben, group));
  });

  it('are told to nobody who was removed', async () => {
    const [group, marker] = [await groupOf(ada, ben, cleo), await groupOf(ada, cleo)];
    const adas = await socketsHere.connect(ada);
    const [bens, cleos] = [await socketsThere.connect(ben), await socketsThere.connect(cleo)];
    const { seq } = await adas.say(group, 'before');
    await removeFrom(group, ada, cleo);
    await adas.command('message:edit', { conversationId: group, seq, body: 'without cleo' });
    await reached(bens, group, seq + 2);
    await cleos.say(marker, 'marker');
    await cleos.next('message:sent', ({ message }) => message.body === 'marker');
    expect(JSON.stringify(cleos.heard)).not.toContain('without cleo');
    expect(cleos.count('message:changed')).toBe(0);
  });

  it('are told to nobody who was removed before and came back after them', async () => {
    const group = await groupOf(ada, ben, cleo);
    const adas = await socketsHere.connect(ada);
    const [bens, cleos] = [await socketsThere.connect(ben), await socketsThere.connect(cleo)];
    // A node that did not hear of it reads the text as it is by then, with the change that was not for cleo.
    const { seq } = await adas.say(group, 'before');
    await removeFrom(group, ada, cleo);
    await adas.command('message:edit', { conversationId: group, seq, body: 'without cleo' });
    await addTo(group, ada, cleo);
    const marker = await adas.say(group, 'marker');
    for (const socket of [bens, cleos]) await reached(socket, group, marker.seq);
    expect(JSON.stringify(cleos.heard)).not.toContain('without cleo');
    expect(JSON.stringify(bens.heard)).toContain('without cleo');
  });
});

describe('a change whose node is killed between commit and publish', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let doomed: ServerProcess;
  let survivor: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    database = await createDatabase();
    const url = new URL(database.url);
    proxy = await CuttingProxy.to(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${proxy.localPort}`;
    [doomed, survivor] = await Promise.all([
      startServer({ databaseUrl: url.href }, { PARLEY_FAN_OUT: 'local' }),
      startApp({ databaseUrl: database.url }),
    ]);
    sockets = new Sockets(survivor);
    ({ ada, ben } = await people(survivor, 'ada', 'ben'));
  });

  afterAll(async () => {
    sockets.closeAll();
    await doomed.program.kill('SIGKILL');
    await survivor.close();
    await proxy.close();
    await database.drop();
  });

  it('is told once by another one, and a repetition finds it done', async () => {
    const group = await groupOf(ada, ben);
    const bens = await sockets.connect(ben);
    const { seq } = await (await sockets.connect(ada)).say(group, 'first');
    const [path, edit] = [`/conversations/${group}/messages/${seq}`, { body: 'second', version: 1 }];

    proxy.cutAt('COMMIT', 'after', { refuse: true, since: 'INSERT INTO outbox' });
    const unanswered = rest(doomed, { token: () => ada.accessToken }).patch(path, edit);
    await proxy.cut;
    await doomed.program.kill('SIGKILL');
    await expect(unanswered).rejects.toThrow();

    expect(await bens.next('message:changed')).toMatchObject({
      seq: seq + 1,
      change: 'several',
      message: { seq, body: 'second', changedSeq: seq + 1 },
    });
    const again = await ada.rest.patch<MessageView>(path, edit);
    expect(again).toMatchObject({ status: 200, body: { version: 2, changedSeq: seq + 1 } });
    await ada.rest.delete(path);
    const told = await reached(bens, group, seq + 2);
    expect(seqsOf(told)).toEqual([seq, seq + 1, seq + 2]);
    expect(told.at(-1)?.message).toMatchObject({ body: null, changedSeq: seq + 2 });
  });
});
