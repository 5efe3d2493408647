import { addTo, directOf, groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('delivery', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });
  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  const seqs = (socket: TestSocket, group: string): number[] => socket.messages(group).map((message) => message.seq);
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const heard = async (socket: TestSocket, group: string, body: string): Promise<void> => {
    await socket.next(
      'message:sent',
      ({ conversationId, message }) => conversationId === group && message.body === body,
    );
  };

  it('brings a message once to every device of every member, its sender included', async () => {
    const group = await groupOf(ada, ben);
    const onPhone = await anotherSession(app, ben);
    const all = [await sockets.connect(ada), await sockets.connect(ben), await sockets.connect(onPhone)];
    await all[0]?.say(group, 'one');
    await all[1]?.say(group, 'two');
    for (const socket of all) {
      await heard(socket, group, 'two');
      expect(socket.messages(group).map((message) => message.body)).toEqual(['one', 'two']);
    }
  });

  it('brings nothing to somebody who does not belong to the conversation', async () => {
    const [shared, other] = [await groupOf(ada, ben, cleo), await groupOf(ada, ben)];
    const [sender, stranger] = [await sockets.connect(ada), await sockets.connect(cleo)];
    await sender.say(other, 'secret');
    await sender.say(shared, 'marker');
    await heard(stranger, shared, 'marker');
    expect(stranger.messages(other)).toEqual([]);
  });

  it('shows everybody the same order without gaps when 50 people send at once', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `person${i}`);
    const crowd = Object.values(await people(app, ...names));
    const group = await groupOf(ada, ...crowd);
    const senders = await Promise.all(crowd.map((person) => sockets.connect(person)));
    await Promise.all(senders.flatMap((socket) => [1, 2, 3, 4].map((n) => socket.say(group, `${n}`))));
    for (const socket of senders) {
      await socket.until(() => (seqs(socket, group).length >= 200 ? true : undefined));
      expect(seqs(socket, group)).toEqual(range(2, 201));
    }
  });

  it('tells a message sent over REST, too', async () => {
    const group = await groupOf(ada, ben);
    const socket = await sockets.connect(ben);
    await ada.rest.post(`/conversations/${group}/messages`, { clientId: crypto.randomUUID(), body: 'by REST' });
    await heard(socket, group, 'by REST');
  });

  it('begins with the joining when somebody joins, on all their devices', async () => {
    const group = await groupOf(ada, ben);
    const sender = await sockets.connect(ada);
    const devices = [await sockets.connect(cleo), await sockets.connect(await anotherSession(app, cleo))];
    await sender.say(group, 'before');
    await addTo(group, ada, cleo);
    await sender.say(group, 'after');
    for (const device of devices) {
      const joined = await device.next('conversation:joined');
      expect(joined).toMatchObject({ conversationId: group, seq: 3, conversation: { id: group, memberCount: 3 } });
      await heard(device, group, 'after');
      expect(seqs(device, group)).toEqual([3, 4]);
      expect(device.messages(group)[0]?.data).toEqual({ event: 'members_added', userIds: [cleo.id] });
    }
    await sender.next('conversation:changed', ({ conversation }) => conversation.memberCount === 3);
    expect(sender.count('conversation:joined')).toBe(0);
  });

  it('serves a conversation that begins while its people are connected', async () => {
    const [one, other] = [await sockets.connect(ada), await sockets.connect(ben)];
    const direct = await directOf(ada, ben);
    expect(await one.next('conversation:joined')).toMatchObject({ conversationId: direct, seq: 0 });
    expect(await other.next('conversation:joined')).toMatchObject({ conversationId: direct, seq: 0 });
    await one.say(direct, 'Hello');
    await heard(other, direct, 'Hello');
    expect(seqs(other, direct)).toEqual([1]);
  });

  it('ends with the removal, which the removed person hears as the last of the conversation', async () => {
    const [group, marker] = [await groupOf(ada, ben, cleo), await groupOf(ada, cleo)];
    const sender = await sockets.connect(ada);
    const devices = [await sockets.connect(cleo), await sockets.connect(await anotherSession(app, cleo))];
    await removeFrom(group, ada, cleo);
    await sender.say(group, 'without cleo');
    await sender.say(marker, 'marker');
    for (const device of devices) {
      await heard(device, marker, 'marker');
      const facts = device.heard.filter(
        ({ fact, payload }) => fact !== 'ready' && 'conversationId' in payload && payload.conversationId === group,
      );
      expect(facts.map(({ fact }) => fact)).toEqual(['message:sent', 'conversation:left']);
      expect(facts.at(-1)?.payload).toEqual({ conversationId: group, seq: 2 });
    }
  });

  it('cuts at one place when a removal races with sends: the removed person sees all before and none after', async () => {
    const group = await groupOf(ada, ben, cleo);
    const [first, second, removed] = [
      await sockets.connect(ada),
      await sockets.connect(ben),
      await sockets.connect(cleo),
    ];
    const sends = (socket: TestSocket): Promise<unknown>[] => range(1, 30).map((n) => socket.say(group, `${n}`));
    await Promise.all([...sends(first), ...sends(second), removeFrom(group, ada, cleo)]);
    const { seq } = await removed.next('conversation:left');
    const marker = await groupOf(ada, cleo);
    await first.say(marker, 'marker');
    await heard(removed, marker, 'marker');
    expect(seqs(removed, group)).toEqual(range(2, seq));
    await first.until(() => (seqs(first, group).length >= 61 ? true : undefined));
    expect(seqs(first, group)).toEqual(range(2, 62));
  });

  it('serves somebody again who comes back after a removal, but nothing in between', async () => {
    const group = await groupOf(ada, ben, cleo);
    const [sender, socket] = [await sockets.connect(ada), await sockets.connect(cleo)];
    await removeFrom(group, ada, cleo);
    await sender.say(group, 'in between');
    await addTo(group, ada, cleo);
    await sender.say(group, 'again');
    await heard(socket, group, 'again');
    expect(seqs(socket, group)).toEqual([2, 4, 5]);
  });

  it('misses nothing that is sent while a socket is being let in', async () => {
    const group = await groupOf(ada, ben);
    const sender = await sockets.connect(ada);
    for (let round = 0; round < 10; round += 1) {
      const sends = range(1, 10).map((n) => sender.say(group, `${n}`));
      const socket = await sockets.connect(ben);
      // What was sent before `ready` is in the history that is asked for after it.
      const { body } = await ben.rest.get<{ items: { seq: number }[] }>(`/conversations/${group}/messages?limit=100`);
      await Promise.all(sends);
      const last = (await sender.say(group, `last of ${round}`)).seq;
      await heard(socket, group, `last of ${round}`);
      const known = new Set([...body.items.map((message) => message.seq), ...seqs(socket, group)]);
      const missing = range(Math.max(1, last - 50), last).filter((seq) => !known.has(seq));
      expect(missing).toEqual([]);
      socket.close();
    }
  });

  it('watches only whom one shares a conversation with, and only as long', async () => {
    const group = await groupOf(ada, ben);
    const { dora } = await people(app, 'dora');
    const watcher = await sockets.connect(ada);
    const ack = await watcher.command('presence:watch', { userIds: [ben.id, dora.id] });
    expect(ack).toMatchObject({ ok: true, data: { items: [{ userId: ben.id, state: 'offline' }] } });
    const other = await sockets.connect(ben);
    await watcher.next('presence:changed', ({ userId, state }) => userId === ben.id && state === 'active');
    await removeFrom(group, ben, ben);
    await groupOf(ben, cleo);
    const friend = await sockets.connect(cleo);
    await friend.command('presence:watch', { userIds: [ben.id] });
    await other.command('presence:set', { state: 'away' });
    await friend.next('presence:changed', ({ userId, state }) => userId === ben.id && state === 'away');
    await watcher.command('presence:set', { state: 'active' });
    expect(watcher.count('presence:changed')).toBe(1);
  });

  it('refuses to watch more than 200 people in all', async () => {
    const socket = await sockets.connect(ada);
    const many = Array.from({ length: 200 }, () => crypto.randomUUID());
    expect(await socket.command('presence:watch', { userIds: many })).toMatchObject({ ok: true, data: { items: [] } });
    expect(await socket.raw('presence:watch', { userIds: [...many, ada.id] })).toMatchObject({
      ok: false,
      error: { code: 'validation_failed' },
    });
  });
});
