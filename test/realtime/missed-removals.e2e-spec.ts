import { randomUUID } from 'node:crypto';
import type { ConversationSummary } from '@parley/contracts';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { Audit } from '../../apps/server/src/realtime/audit.js';
import { ConversationFeeds } from '../../apps/server/src/realtime/conversation-feeds.js';
import { Rooms } from '../../apps/server/src/realtime/rooms.js';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('a node that has missed a removal', () => {
  let here: RunningApp, there: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string, others: string;

  beforeAll(async () => {
    here = await startApp();
    there = await startApp({ databaseUrl: here.databaseUrl });
    // It finds out who belongs to a conversation because it must, and not because it compares from time to time.
    there.app.get(Audit, { strict: false }).onModuleDestroy();
    sockets = new Sockets(there);
  });
  beforeEach(async () => {
    ({ ada, ben, cleo } = await people(here, 'ada', 'ben', 'cleo'));
    [group, others] = [await groupOf(ada, ben, cleo), await groupOf(ben, cleo)];
  });
  afterEach(() => sockets.closeAll());
  afterAll(async () => {
    await there.close();
    await here.close();
  });

  it('shows nothing that was said afterwards to a socket whose rights were read before', async () => {
    const [bens, cleos] = [await sockets.connect(ben), await sockets.connect(cleo)];
    await removeFrom(group, ada, cleo);
    await bens.say(group, 'found out');
    await bens.next('message:sent', ({ message }) => message.body === 'found out');

    // As if her connection had asked for her rights before, and got the answer only now.
    const late = there.app.get(Rooms, { strict: false }).ofUser(cleo.id);
    const feeds = there.app.get(ConversationFeeds, { strict: false });
    for (const socket of late) feeds.enter(socket, [{ conversationId: group, lastSeq: 1, memberVersion: 1 }]);
    expect(late).toHaveLength(1);

    await bens.say(group, 'secret');
    await bens.next('message:sent', ({ message }) => message.body === 'secret');
    await bens.say(others, 'marker');
    await cleos.next('message:sent', ({ message }) => message.body === 'marker');
    // Of the group she saw her removal, and nothing after it.
    expect(cleos.messages(group).map(({ kind }) => kind)).toEqual(['system']);
  });

  it('tells nobody who was removed how far others have read what came afterwards', async () => {
    const [bens, cleos] = [await sockets.connect(ben), await sockets.connect(cleo)];
    await removeFrom(group, ada, cleo);
    const { body: sent } = await ada.rest.post<{ seq: number }>(`/conversations/${group}/messages`, {
      clientId: randomUUID(),
      body: 'without cleo',
    });
    await bens.command('conversation:read', { conversationId: group, seq: sent.seq });
    await bens.next('receipt:changed', ({ conversationId }) => conversationId === group);
    expect(bens.heard.map(({ fact }) => fact)).toEqual([
      'ready',
      'message:sent',
      'conversation:changed',
      'message:sent',
      'receipt:changed',
    ]);
    await bens.say(others, 'marker');
    await cleos.next('message:sent', ({ message }) => message.body === 'marker');
    expect(cleos.count('receipt:changed')).toBe(0);
    expect(cleos.messages(group).map(({ kind }) => kind)).toEqual(['system']);
  });

  it('lets nobody in by a joining that comes late, who has been removed and come back since', async () => {
    const [bens, cleos] = [await sockets.connect(ben), await sockets.connect(cleo)];
    await removeFrom(group, ada, cleo);
    await addTo(group, ada, cleo);
    await removeFrom(group, ada, cleo);
    await bens.say(group, 'found out');
    await bens.next('message:sent', ({ message }) => message.body === 'found out');
    await addTo(group, ada, cleo);

    const { body: summary } = await ben.rest.get<ConversationSummary>(`/conversations/${group}`);
    const place = { conversationId: group, seq: 3 };
    const position = { ...place, memberVersion: 3, joined: [cleo.id] };
    const payload = { ...place, conversation: summary.conversation };
    const audience = { userIds: [cleo.id] };
    there.app.get(FactBus, { strict: false }).publish([[{ type: 'conversation:joined', audience, position, payload }]]);

    await bens.say(group, 'marker');
    await cleos.next('message:sent', ({ message }) => message.body === 'marker');
    const joinings = cleos.heard.flatMap((heard) => (heard.fact === 'conversation:joined' ? [heard.payload.seq] : []));
    expect(joinings).toEqual([6]);
  });
});
