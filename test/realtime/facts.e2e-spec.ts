import { FACTS } from '@parley/contracts';
import { DrainService } from '../../apps/server/src/health/drain.service.js';
import { addTo, groupOf, removeFrom } from '../support/groups.js';
import { anotherSession, people } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('facts', () => {
  let app: RunningApp;
  let sockets: Sockets;

  beforeAll(async () => {
    app = await startApp({ env: { PARLEY_ACCESS_TOKEN_SECONDS: '8' } });
    sockets = new Sockets(app);
  });
  afterAll(async () => {
    sockets.closeAll();
    await app.close();
  });

  it('all reach a client in the course of one story', async () => {
    const { ada, ben, dora } = await people(app, 'ada', 'ben', 'dora');
    const [one, tablet] = [await sockets.connect(ada), await sockets.connect(await anotherSession(app, ada))];
    const group = await groupOf(ben, ada);
    await one.next('conversation:joined');
    const other = await sockets.connect(ben);
    await one.command('presence:watch', { userIds: [ben.id] });
    await other.command('presence:set', { state: 'away' });
    await one.next('presence:changed', ({ state }) => state === 'away');
    await other.command('typing:start', { conversationId: group });
    await one.next('typing:changed', ({ typing }) => typing);
    const { seq } = await other.say(group, 'Hello');
    await one.next('message:sent', ({ message }) => message.body === 'Hello');
    await other.command('message:edit', { conversationId: group, seq, body: 'Hello, Ada' });
    await one.next('message:changed', ({ change }) => change === 'edited');
    await tablet.command('conversation:read', { conversationId: group, seq });
    await one.next('receipt:changed');
    await ada.rest.patch(`/conversations/${group}/settings`, { pinned: true });
    await one.next('settings:changed', ({ settings }) => settings.pinned);
    await ada.rest.patch('/users/me', { readReceipts: false });
    await one.next('profile:changed', ({ profile }) => !profile.readReceipts);
    await ben.rest.patch('/users/me', { displayName: 'Benjamin' });
    await one.next('user:changed');
    await ada.rest.put(`/users/me/blocks/${dora.id}`);
    await one.next('block:changed', ({ userId, blocked }) => userId === dora.id && blocked);
    await removeFrom(group, ben, ada);
    await one.next('conversation:left');
    await addTo(group, ben, ada);
    await one.next('conversation:changed', ({ conversation }) => conversation.memberCount === 2);
    await one.next('session:expiring');
    await one.next('session:ended', ({ reason }) => reason === 'token_expired');
    const { cleo } = await people(app, 'cleo');
    const last = await sockets.connect(cleo);
    await app.app.get(DrainService, { strict: false }).drain();
    await last.next('server:draining');

    const heard = new Set([...one.heard, ...last.heard].map(({ fact }) => fact));
    expect([...heard].sort()).toEqual([...FACTS].sort());
  });
});
