import { LIMITS, type FactMap, type FactName } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Change } from '../../apps/server/src/events/fact.js';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { seedGroup, seedUsers } from '../support/seed.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

type Receipt = FactMap['receipt:changed'];

describe('receipts over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;
  let adas: TestSocket, bens: TestSocket, tablet: TestSocket;
  /** The number of the latest message. */
  let head: number;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
    adas = await sockets.connect(ada);
    bens = await sockets.connect(ben);
    tablet = await sockets.connect(await anotherSession(app, ben));
    for (const body of ['one', 'two', 'three', 'four']) head = (await adas.say(group, body)).seq;
  });

  afterEach(() => sockets.closeAll());

  afterAll(() => app.close());

  /** What a socket has heard of how far somebody has got. */
  const receipts = (socket: TestSocket, person: Person): Receipt[] =>
    socket.heard.flatMap(({ fact, payload }) =>
      fact === 'receipt:changed' && payload.userId === person.id ? [payload] : [],
    );

  const read = (socket: TestSocket, seq: number, conversationId = group) =>
    socket.command('conversation:read', { conversationId, seq });

  const receipt = (person: Person, readSeq: number | null, deliveredSeq: number): Receipt => ({
    conversationId: group,
    userId: person.id,
    readSeq,
    deliveredSeq,
  });

  it('are told to the conversation and to one’s own devices', async () => {
    expect(await bens.command('conversation:delivered', { conversationId: group, seq: 4 })).toEqual({
      ok: true,
      data: null,
    });
    for (const socket of [adas, bens, tablet]) {
      expect(await socket.next('receipt:changed')).toEqual(receipt(ben, 1, 4));
    }
    expect(await read(bens, 3)).toEqual({ ok: true, data: null });
    for (const socket of [adas, bens, tablet]) {
      expect(await socket.next('receipt:changed')).toEqual(receipt(ben, 3, 4));
    }
  });

  it('end with the latest of many moves', async () => {
    const moves = [2, 3, head, 1, 4].map((seq) => read(bens, seq));
    await Promise.all(moves);
    await ben.rest.put(`/conversations/${group}/read`, { seq: 2 });
    for (const socket of [adas, tablet]) {
      await socket.next('receipt:changed', ({ readSeq }) => readSeq === head);
      const told = receipts(socket, ben).map(({ readSeq }) => readSeq);
      expect(new Set(told).size).toBe(told.length);
    }
  });

  it('are not told when nothing moves', async () => {
    await read(bens, head);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === head);
    const told = receipts(adas, ben).length;
    await read(bens, head);
    await read(bens, 1);
    await bens.command('conversation:delivered', { conversationId: group, seq: head });
    await adas.say(group, 'five');
    await read(bens, head + 1);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === head + 1);
    expect(receipts(adas, ben)).toHaveLength(told + 1);
  });

  it('reach nobody outside the conversation', async () => {
    const outsider = await sockets.connect(cleo);
    const shared = await groupOf(ben, cleo);
    await read(bens, head);
    await adas.next('receipt:changed');
    const marker = await bens.say(shared, 'marker');
    await read(bens, marker.seq, shared);
    expect(await outsider.next('receipt:changed')).toMatchObject({ conversationId: shared, readSeq: marker.seq });
    expect(receipts(outsider, ben)).toHaveLength(1);
  });

  it('are told no more to somebody who was removed', async () => {
    await removeFrom(group, ada, ben);
    await bens.next('conversation:left');
    await read(adas, head);
    await adas.next('receipt:changed', ({ userId }) => userId === ada.id);
    const marker = await groupOf(ada, ben);
    await bens.next('conversation:joined', ({ conversationId }) => conversationId === marker);
    expect(receipts(bens, ada)).toEqual([]);
    expect(await read(bens, 1)).toMatchObject({ ok: false, error: { code: 'conversation_not_found' } });
  });

  it('keep from others what somebody has read who hides it, and not from their own devices', async () => {
    await ben.rest.patch('/users/me', { readReceipts: false });
    await tablet.next('profile:changed', ({ profile }) => !profile.readReceipts);
    await read(bens, 3);
    expect(await adas.next('receipt:changed', ({ deliveredSeq }) => deliveredSeq === 3)).toEqual(receipt(ben, null, 3));
    for (const own of [bens, tablet]) {
      expect(await own.next('receipt:changed', ({ readSeq }) => readSeq === 3)).toEqual(receipt(ben, 3, 3));
    }
    expect(receipts(adas, ben).map(({ readSeq }) => readSeq)).toEqual(receipts(adas, ben).map(() => null));
  });

  it('tell the conversations at once that somebody hides what they read, and the position when they show it', async () => {
    const other = await groupOf(ada, ben);
    await read(bens, 3);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === 3);
    await ben.rest.patch('/users/me', { readReceipts: false });
    for (const conversationId of [group, other]) {
      const hidden = await adas.next('receipt:changed', (told) => told.conversationId === conversationId);
      expect(hidden).toMatchObject({ userId: ben.id, readSeq: null });
    }
    await ben.rest.patch('/users/me', { readReceipts: true });
    const again = await adas.next('receipt:changed', ({ conversationId }) => conversationId === group);
    expect(again).toEqual(receipt(ben, 3, 3));
  });

  it('that are late on their way tell others nothing that is hidden since, nor hide what is shown since', async () => {
    const bus = app.app.get(FactBus);
    const made: Change[] = [];
    const stop = bus.subscribe((change) => {
      if (change[0]?.type === 'receipt:changed') made.push(change);
    });
    await read(bens, 3);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === 3);
    const [shown] = made.splice(0);
    await ben.rest.patch('/users/me', { readReceipts: false });
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === null);
    // As it comes from a node that was slow.
    bus.publish([shown!]);
    await read(bens, 4);
    await adas.next('receipt:changed', ({ deliveredSeq }) => deliveredSeq === 4);
    expect(receipts(adas, ben).map(({ readSeq }) => readSeq)).toEqual([3, null, null, null]);
    for (const own of [bens, tablet]) {
      await own.next('receipt:changed', ({ readSeq }) => readSeq === 4);
      const told = receipts(own, ben).flatMap(({ readSeq }) => readSeq ?? []);
      expect(told).toEqual([3, 3, 4]);
    }
    const hidden = made.at(-1);
    stop();
    await ben.rest.patch('/users/me', { readReceipts: true });
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === 4);
    bus.publish([hidden!]);
    await read(bens, head);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === head);
    const told = receipts(adas, ben).map(({ readSeq }) => readSeq);
    expect(told.slice(4)).toEqual([4, head]);
  });

  it('tell others nothing that is hidden since, when they waited for a message that was still on its way', async () => {
    const payload = receipt(ben, head + 1, head + 1);
    const audience = { conversationId: group };
    app.app.get(FactBus).publish([[{ type: 'receipt:changed', audience, payload, switchVersion: 0 }]]);
    await ben.rest.patch('/users/me', { readReceipts: false });
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === null);
    await adas.say(group, 'five');
    expect(await adas.next('receipt:changed')).toEqual(receipt(ben, null, head + 1));
    expect(await tablet.next('receipt:changed', ({ readSeq }) => readSeq !== null)).toEqual(payload);
  });

  it('say nothing when the switch stays as it was', async () => {
    await ben.rest.patch('/users/me', { readReceipts: true });
    await tablet.next('profile:changed');
    await read(bens, 3);
    await adas.next('receipt:changed', ({ readSeq }) => readSeq === 3);
    expect(receipts(adas, ben)).toHaveLength(1);
  });

  it('of large conversations are for one’s own devices alone', async () => {
    const dataSource = app.app.get(DataSource);
    const others = await seedUsers(dataSource, LIMITS.receiptsMembersMax - 1);
    const large = await seedGroup(dataSource, [ada.id, ben.id, ...others]);
    const full = await seedGroup(dataSource, [ada.id, ben.id, ...others.slice(1)]);
    // What is put straight into the database is told to nobody, so these two come anew.
    const [listener, reader, own] = [
      await sockets.connect(ada),
      await sockets.connect(ben),
      await sockets.connect(await anotherSession(app, ben)),
    ];
    await listener.say(large, 'Hello');
    const { seq } = await listener.say(full, 'Hello');
    await read(reader, seq, large);
    expect(await own.next('receipt:changed')).toMatchObject({ conversationId: large, readSeq: seq });
    await read(reader, seq, full);
    expect(await listener.next('receipt:changed')).toMatchObject({ conversationId: full, userId: ben.id });
    await ben.rest.patch('/users/me', { readReceipts: false });
    await listener.next(
      'receipt:changed',
      ({ conversationId, readSeq }) => conversationId === full && readSeq === null,
    );
    expect(receipts(listener, ben).map(({ conversationId }) => conversationId)).not.toContain(large);
  });

  it.each([{ seq: -1 }, { seq: '1' }, { seq: 1, userId: 'x' }, {}])('refuse the position %j', async (input) => {
    for (const command of ['conversation:read', 'conversation:delivered']) {
      const ack = await bens.raw(command, { conversationId: group, ...input });
      expect(ack).toMatchObject({ ok: false, error: { code: 'validation_failed' } });
    }
  });
});

describe('what concerns nobody else', () => {
  let app: RunningApp;
  let sockets: Sockets;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  afterAll(async () => {
    sockets.closeAll();
    await app.close();
  });

  it('reaches all of one’s own devices, and nobody else', async () => {
    const { ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo');
    const group = await groupOf(ada, ben);
    const own = [await sockets.connect(ada), await sockets.connect(await anotherSession(app, ada))];
    const others = [await sockets.connect(ben), await sockets.connect(cleo)];
    await others[0]?.command('presence:watch', { userIds: [ada.id] });

    await ada.rest.patch(`/conversations/${group}/settings`, { pinned: true, archived: true });
    await ada.rest.patch('/users/me', { displayName: 'Ada L.', readReceipts: false });
    await ada.rest.put(`/users/me/blocks/${cleo.id}`);
    await ada.rest.delete(`/users/me/blocks/${cleo.id}`);
    const marker = await groupOf(ada, ben, cleo);

    for (const socket of own) {
      expect(await socket.next('settings:changed')).toEqual({
        conversationId: group,
        settings: { pinned: true, archived: true, mutedUntil: null },
      });
      const { profile } = await socket.next('profile:changed');
      expect(profile).toMatchObject({ id: ada.id, displayName: 'Ada L.', readReceipts: false });
      expect(await socket.next('block:changed')).toEqual({ userId: cleo.id, blocked: true });
      expect(await socket.next('block:changed')).toEqual({ userId: cleo.id, blocked: false });
    }
    const personal: FactName[] = ['settings:changed', 'profile:changed', 'block:changed'];
    for (const socket of others) {
      await socket.next('conversation:joined', ({ conversationId }) => conversationId === marker);
      expect(socket.heard.map(({ fact }) => fact).filter((fact) => personal.includes(fact))).toEqual([]);
    }
  });

  it('is not told again when nothing changes', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const socket = await sockets.connect(ada);
    await ada.rest.delete(`/users/me/blocks/${ben.id}`);
    await ada.rest.put(`/users/me/blocks/${ben.id}`);
    await ada.rest.put(`/users/me/blocks/${ben.id}`);
    await ada.rest.patch('/users/me', { displayName: 'Ada' });
    await socket.next('profile:changed');
    expect(socket.count('block:changed')).toBe(1);
  });
});
