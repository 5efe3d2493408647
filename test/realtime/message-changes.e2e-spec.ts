import type { MessageView } from '@parley/contracts';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people, type Person } from '../support/people.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('changing messages over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;
  let adas: TestSocket, bens: TestSocket;
  /** A text of ada's that ben has heard. */
  let message: MessageView;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben);
    [adas, bens] = [await sockets.connect(ada), await sockets.connect(ben)];
    await adas.say(group, 'Tea?');
    ({ message } = await bens.next('message:sent'));
  });

  afterEach(() => sockets.closeAll());

  afterAll(() => app.close());

  const place = (): { conversationId: string; seq: number } => ({ conversationId: group, seq: message.seq });

  it('tells everybody of each change: what was done, its number, and the message as it is', async () => {
    const tablet = await sockets.connect(await anotherSession(app, ada));
    const answers = [
      await adas.command('message:edit', { ...place(), body: 'Green tea?', version: 1 }),
      await bens.command('reaction:add', { ...place(), emoji: '👍' }),
      await bens.command('reaction:remove', { ...place(), emoji: '👍' }),
      await adas.command('message:delete', { ...place(), version: 2 }),
    ];
    const changes = ['edited', 'reaction_added', 'reaction_removed', 'deleted'] as const;
    for (const [index, change] of changes.entries()) {
      const seq = message.seq + 1 + index;
      const answer = answers[index];
      const fact = { conversationId: group, seq, message: answer?.ok === true ? answer.data : null, change };
      for (const socket of [adas, bens, tablet]) expect(await socket.next('message:changed')).toEqual(fact);
    }
    const last = await bens.until(() => bens.heard.findLast(({ fact }) => fact === 'message:changed'));
    expect(last.payload).toMatchObject({
      message: { body: null, reactions: [], version: 3, changedSeq: message.seq + 4 },
    });
  });

  it('tells nothing when nothing changes', async () => {
    await bens.command('reaction:add', { ...place(), emoji: '👍' });
    const again = await bens.command('reaction:add', { ...place(), emoji: '👍' });
    expect(again).toMatchObject({ ok: true, data: { changedSeq: message.seq + 1 } });
    await adas.command('message:edit', { ...place(), body: 'Tea?' });
    await adas.command('message:delete', place());
    await adas.command('message:delete', place());
    const marker = await adas.say(group, 'Well');
    await bens.next('message:sent', ({ seq }) => seq === marker.seq);
    expect(marker.seq).toBe(message.seq + 3);
    expect(bens.count('message:changed')).toBe(2);
  });

  it('tells changes and messages in the order of their numbers', async () => {
    const carried = [
      adas.command('reaction:add', { ...place(), emoji: '👍' }),
      bens.say(group, 'Yes'),
      adas.command('message:edit', { ...place(), body: 'Green tea?' }),
      bens.command('reaction:add', { ...place(), emoji: '🎉' }),
      adas.say(group, 'Good'),
    ];
    await Promise.all(carried);
    const seqs = () =>
      bens.heard.flatMap((heard) =>
        heard.fact === 'message:sent' || heard.fact === 'message:changed' ? [heard.payload.seq] : [],
      );
    await bens.until(() => (seqs().length === 6 ? true : undefined));
    expect(seqs()).toEqual([0, 1, 2, 3, 4, 5].map((more) => message.seq + more));
  });

  it('tells nobody of an older message who joined after it', async () => {
    const cleos = await sockets.connect(cleo);
    await addTo(group, ada, cleo);
    await cleos.next('conversation:joined');
    await adas.command('message:edit', { ...place(), body: 'Green tea?' });
    await bens.next('message:changed', ({ change }) => change === 'edited');
    const marker = await adas.say(group, 'Welcome');
    await adas.command('message:edit', { conversationId: group, seq: marker.seq, body: 'Welcome, Cleo' });
    const heard = await cleos.next('message:changed');
    expect(heard.message).toMatchObject({ seq: marker.seq, body: 'Welcome, Cleo' });
    expect(JSON.stringify(cleos.heard)).not.toContain('Green tea?');
  });

  it('tells nobody who was removed', async () => {
    await removeFrom(group, ada, ben);
    await bens.next('conversation:left');
    await adas.command('message:edit', { ...place(), body: 'Green tea?' });
    await adas.next('message:changed');
    const other = await groupOf(ada, ben);
    await bens.next('conversation:joined', ({ conversationId }) => conversationId === other);
    expect(bens.count('message:changed')).toBe(0);
    expect(await bens.command('reaction:add', { ...place(), emoji: '👍' })).toMatchObject({
      ok: false,
      error: { code: 'conversation_not_found' },
    });
  });

  it('refuses in the words of REST', async () => {
    const path = `/conversations/${group}/messages/${message.seq}`;
    const pairs = [
      [
        await bens.command('message:edit', { ...place(), body: 'No' }),
        await ben.rest.patch<object>(path, { body: 'No' }),
      ],
      [await bens.command('message:delete', place()), await ben.rest.delete<object>(path)],
      [
        await adas.command('message:edit', { ...place(), body: 'No', version: 7 }),
        await ada.rest.patch<object>(path, { body: 'No', version: 7 }),
      ],
      [
        await bens.command('reaction:add', { ...place(), emoji: 'no' }),
        await ben.rest.put<object>(`${path}/reactions/no`),
      ],
      [
        await bens.command('reaction:remove', { ...place(), seq: 99, emoji: '👍' }),
        await ben.rest.delete<object>(`/conversations/${group}/messages/99/reactions/${encodeURIComponent('👍')}`),
      ],
    ] as const;
    for (const [ack, { body }] of pairs) {
      expect(ack).toEqual({ ok: false, error: { ...body, requestId: expect.any(String) as string } });
    }
  });

  it.each([
    ['message:edit', { body: 'x', seq: '2' }],
    ['message:edit', { body: '' }],
    ['message:edit', { body: 'x', version: '1' }],
    ['message:delete', { version: '1' }],
    ['message:delete', { body: 'x' }],
    ['reaction:add', { emoji: '👍👎' }],
    ['reaction:add', {}],
    ['reaction:remove', { emoji: 7 }],
    ['reaction:remove', { emoji: '👍', userId: 'somebody else' }],
  ])('refuses %s with %j', async (command, input) => {
    const ack = await adas.raw(command, { ...place(), ...input });
    expect(ack).toMatchObject({ ok: false, error: { status: 400, code: 'validation_failed' } });
  });
});
