import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const seqs = (socket: TestSocket, group: string): number[] => socket.messages(group).map((message) => message.seq);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const heard = (socket: TestSocket, body: string, withinMs?: number): Promise<unknown> =>
  socket.next('message:sent', ({ message }) => message.body === body, withinMs);

/** They compare every second: each test waits for that. */
const OFTEN = { PARLEY_AUDIT_SECONDS: '1' };

/** Nothing that is found here was heard: all of it comes from comparing with the database. */
describe('two servers that do not hear each other', () => {
  let here: RunningApp, there: RunningApp;
  let socketsHere: Sockets, socketsThere: Sockets;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    here = await startApp({ env: OFTEN });
    there = await startApp({ databaseUrl: here.databaseUrl, env: OFTEN });
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

  it('show the same messages in the same order', async () => {
    const group = await groupOf(ada, ben);
    const [one, other] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    const sends = range(1, 20).flatMap((n) => [one.say(group, `${n}`), other.say(group, `${n}`)]);
    await Promise.all(sends);
    for (const socket of [one, other]) {
      await socket.until(() => (seqs(socket, group).length >= 40 ? true : undefined));
      expect(seqs(socket, group)).toEqual(range(2, 41));
    }
  });

  it('end a revoked session on both', async () => {
    const socket = await socketsThere.connect(ben);
    await ben.rest.post('/auth/logout');
    expect(await socket.next('session:ended')).toMatchObject({ reason: 'session_revoked' });
  });

  it('show nothing to somebody who was removed on the other', async () => {
    const [group, marker] = [await groupOf(ada, ben, cleo), await groupOf(ben, cleo)];
    const [removed, sender] = [await socketsThere.connect(cleo), await socketsThere.connect(ben)];
    await sender.say(group, 'before');
    await heard(removed, 'before');
    await removeFrom(group, ada, cleo);
    await sender.say(group, 'after');
    await heard(sender, 'after', 10_000);
    await sender.say(marker, 'marker');
    await heard(removed, 'marker');
    expect(removed.messages(group).map((message) => message.body)).not.toContain('after');
    expect(await removed.next('conversation:left')).toEqual({ conversationId: group, seq: 3 });
  });

  it('tell somebody that they were removed, when other members changed before that', async () => {
    const { dora } = await people(here, 'dora');
    const group = await groupOf(ada, ben, cleo);
    const removed = await socketsThere.connect(cleo);
    await addTo(group, ada, dora);
    await removeFrom(group, ada, cleo);
    expect(await removed.next('conversation:left')).toEqual({ conversationId: group, seq: 3 });
    expect(seqs(removed, group)).toEqual([]);
  });

  it('let somebody in who was added on the other', async () => {
    const group = await groupOf(ada, ben);
    const [sender, added] = [await socketsThere.connect(ben), await socketsThere.connect(cleo)];
    await addTo(group, ada, cleo);
    await sender.say(group, 'Hello, Cleo');
    expect(await added.next('conversation:joined')).toMatchObject({ conversationId: group, seq: 2 });
    await heard(added, 'Hello, Cleo');
    expect(seqs(added, group)).toEqual([2, 3]);
  });

  it('serve somebody who was added on the other to a conversation that nobody else here is in', async () => {
    const group = await groupOf(ada, ben);
    const added = await socketsThere.connect(cleo);
    await addTo(group, ada, cleo);
    const served = added.next('conversation:joined').then(() => added);
    const sentAway = added.next('session:ended', ({ reason }) => reason === 'state_uncertain');
    const socket = await Promise.any([served, sentAway.then(() => socketsThere.connect(cleo))]);
    await (await socketsThere.connect(ben)).say(group, 'Hello, Cleo');
    await heard(socket, 'Hello, Cleo');
  });

  it('find a lost last message of a quiet conversation', async () => {
    const group = await groupOf(ada, ben);
    const [sender, socket] = [await socketsHere.connect(ada), await socketsThere.connect(ben)];
    await sender.say(group, 'the last');
    await heard(socket, 'the last');
  });
});
