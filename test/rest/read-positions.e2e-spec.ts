import { randomUUID } from 'node:crypto';
import type { ConversationSummary, ConversationView, Page, Problem } from '@parley/contracts';
import { anotherSession, people, type Person } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('read positions', () => {
  let app: RunningApp;
  let ada: Person, ben: Person;
  let sockets: Sockets;
  let id: string;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
  });

  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    const created = await ada.rest.post<ConversationView>('/conversations', { kind: 'direct', memberIds: [ben.id] });
    id = created.body.id;
    for (const body of ['one', 'two', 'three']) {
      await ada.rest.post(`/conversations/${id}/messages`, { clientId: randomUUID(), body });
    }
  });

  afterEach(() => sockets.closeAll());

  afterAll(() => app.close());

  async function summary(person: Person): Promise<Pick<ConversationSummary, 'readSeq' | 'unread'>> {
    const { body } = await person.rest.get<Page<ConversationSummary>>('/conversations');
    const found = body.items.find((item) => item.conversation.id === id);
    return { readSeq: found?.readSeq ?? -1, unread: found?.unread ?? -1 };
  }

  it('counts as unread what others wrote after one’s position', async () => {
    expect(await summary(ben)).toEqual({ readSeq: 0, unread: 3 });
    expect(await summary(ada)).toEqual({ readSeq: 0, unread: 0 });
    expect((await ben.rest.put(`/conversations/${id}/read`, { seq: 2 })).status).toBe(204);
    expect(await summary(ben)).toEqual({ readSeq: 2, unread: 1 });
  });

  it('never moves back, nor beyond the head', async () => {
    await ben.rest.put(`/conversations/${id}/read`, { seq: 99 });
    expect(await summary(ben)).toEqual({ readSeq: 3, unread: 0 });
    await ben.rest.put(`/conversations/${id}/read`, { seq: 1 });
    expect(await summary(ben)).toEqual({ readSeq: 3, unread: 0 });
  });

  it('tells one’s other devices, over the socket as over REST', async () => {
    const phone = await sockets.connect(await anotherSession(app, ben));
    const laptop = await sockets.connect(ben);
    const heard = phone.next('receipt:changed');
    expect(await laptop.command('conversation:read', { conversationId: id, seq: 2 })).toEqual({ ok: true, data: null });
    expect(await heard).toEqual({ conversationId: id, userId: ben.id, readSeq: 2, deliveredSeq: 2 });
    const heardAgain = laptop.next('receipt:changed', ({ readSeq }) => readSeq === 3);
    await ben.rest.put(`/conversations/${id}/read`, { seq: 3 });
    expect(await heardAgain).toEqual({ conversationId: id, userId: ben.id, readSeq: 3, deliveredSeq: 3 });
  });

  it.each([{ seq: -1 }, { seq: 1.5 }, { seq: '1' }, {}])('refuses %j', async (input) => {
    const refused = await ben.rest.put<Problem>(`/conversations/${id}/read`, input);
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});
