import type { MessageView, SyncReply } from '@parley/contracts';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { PlainClient } from '../support/plain-client.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';
import { historyOf } from '../support/steady-load.js';

describe('sync over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
  });

  afterEach(() => sockets.closeAll());

  afterAll(() => app.close());

  it('answers as REST does', async () => {
    const adas = await sockets.connect(ada);
    const { epoch } = (await ada.rest.post<SyncReply>('/sync', { cursors: {} })).body;
    const theirs = await groupOf(ada, cleo);
    const { seq } = await adas.say(group, 'Tea?');
    await adas.command('message:edit', { conversationId: group, seq, body: 'Green tea?' });
    await adas.command('message:send', { conversationId: theirs, clientId: crypto.randomUUID(), body: 'a secret' });
    const bens = await sockets.connect(ben);
    for (const cursors of [{}, { [group]: 1 }, { [group]: 2 }, { [group]: 3 }, { [group]: 99 }, { [theirs]: 1 }]) {
      const ack = await bens.command('sync', { epoch, cursors });
      const { body } = await ben.rest.post<SyncReply>('/sync', { epoch, cursors });
      expect(ack).toEqual({ ok: true, data: body });
    }
  });

  it('has the epoch that `ready` told', async () => {
    const socket = sockets.open({ auth: { token: ada.accessToken } });
    const { epoch } = await socket.next('ready');
    const ack = await socket.command('sync', { epoch, cursors: { [group]: 1 } });
    expect(ack).toMatchObject({ ok: true, data: { epoch, updates: [] } });
  });

  it.each([{}, { cursors: null }, { cursors: [] }, { cursors: { x: 1 } }, { cursors: {}, epoch: 7 }])(
    'refuses %j as REST does',
    async (input) => {
      const socket = await sockets.connect(ada);
      const { body } = await ada.rest.post<object>('/sync', input);
      expect(await socket.raw('sync', input)).toEqual({
        ok: false,
        error: { ...body, requestId: expect.any(String) as string },
      });
    },
  );

  it('leads over the numbers that a newcomer is not told', async () => {
    const adas = await sockets.connect(ada);
    const { seq } = await adas.say(group, 'before');
    await addTo(group, ada, cleo);
    const cleos = await sockets.connect(cleo);
    const client = new PlainClient(group);
    await client.goOn(cleos);
    await adas.command('message:edit', { conversationId: group, seq, body: 'changed later' });
    const { seq: head } = await adas.say(group, 'after');
    await cleos.next('message:sent', ({ message }) => message.body === 'after');
    client.listen();
    expect(client.last).toBe(head - 2);
    await client.reach(head);
    expect(client.shown).toEqual(await historyOf(cleo, group));
    expect(JSON.stringify(cleos.heard)).not.toContain('changed later');
  });

  it('says that one was removed while one was away', async () => {
    const adas = await sockets.connect(ada);
    await removeFrom(group, ada, ben);
    await adas.say(group, 'a secret');
    const bens = await sockets.connect(ben);
    const { epoch } = (await ben.rest.post<SyncReply>('/sync', { cursors: {} })).body;
    const ack = await bens.command('sync', { epoch, cursors: { [group]: 1 } });
    expect(ack).toMatchObject({ ok: true, data: { removed: [group], conversations: [], updates: [] } });
  });

  describe('while everybody writes, edits, reacts and deletes', () => {
    const ROUNDS = 12;

    /** One person's part: each text is reacted to and edited, and every third is deleted. */
    async function live(socket: TestSocket, others: readonly TestSocket[]): Promise<void> {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { seq } = await socket.say(group, `text ${round}`);
        const place = { conversationId: group, seq };
        await Promise.all([
          ...others.map((other) => other.command('reaction:add', { ...place, emoji: '👍' })),
          socket.command('message:edit', { ...place, body: `text ${round}, corrected` }),
        ]);
        if (round % 2 === 0) await others[0]?.command('reaction:remove', { ...place, emoji: '👍' });
        if (round % 3 === 0) await socket.command('message:delete', place);
      }
    }

    async function head(): Promise<number> {
      const { body } = await ada.rest.get<{ lastSeq: number }>(`/conversations/${group}/summary`);
      return body.lastSeq;
    }

    /** What somebody reads anew, from where the client begins. */
    async function freshFor(person: Person, client: PlainClient): Promise<MessageView[]> {
      const first = client.shown[0]?.seq ?? 0;
      return (await historyOf(person, group)).filter(({ seq }) => seq >= first);
    }

    it('leads a client that stays, one that comes and goes, and a newcomer to what a fresh read shows', async () => {
      const [adas, bens] = [await sockets.connect(ada), await sockets.connect(ben)];
      const [staying, roaming, newcoming] = [new PlainClient(group), new PlainClient(group), new PlainClient(group)];
      await staying.goOn(await sockets.connect(await anotherSession(app, ada)));

      const living = new Set(['ada', 'ben']);
      const life = Promise.all([
        live(adas, [bens]).finally(() => living.delete('ada')),
        live(bens, [adas]).finally(() => living.delete('ben')),
      ]);
      await addTo(group, ada, cleo);
      await newcoming.goOn(await sockets.connect(cleo));
      while (living.size > 0) {
        const visit = await sockets.connect(ben);
        await roaming.goOn(visit);
        for (const client of [staying, roaming, newcoming]) client.listen();
        visit.close();
      }
      await life;
      await roaming.goOn(await sockets.connect(ben));

      const last = await head();
      for (const [client, person] of [
        [staying, ada],
        [roaming, ben],
        [newcoming, cleo],
      ] as const) {
        await client.reach(last);
        expect(client.shown).toEqual(await freshFor(person, client));
      }
      expect(staying.shown[0]?.seq).toBe(1);
      expect(staying.shown.filter(({ deletedAt }) => deletedAt !== null)).toHaveLength(2 * Math.ceil(ROUNDS / 3));
    });
  });
});
