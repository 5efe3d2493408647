import { Rooms } from '../../apps/server/src/realtime/rooms.js';
import { eventually } from '../support/eventually.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { RawSocket } from '../support/raw-socket.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const LARGE = 'x'.repeat(4_000);

describe('a client that does not read', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person, cleo: Person;
  let group: string;
  let sender: TestSocket, bystander: TestSocket;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
    ({ ada, ben, cleo } = await people(app, 'ada', 'ben', 'cleo'));
    group = await groupOf(ada, ben, cleo);
  });
  beforeEach(async () => {
    sender = await sockets.connect(ada);
    bystander = await sockets.connect(cleo);
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  /** Sends until `stop` says so; returns how many messages that took. */
  async function sendUntil(stop: () => Promise<boolean>, atMost: number): Promise<number> {
    let sent = 0;
    while (sent < atMost && !(await stop())) {
      await Promise.all(Array.from({ length: 50 }, () => sender.say(group, LARGE)));
      sent += 50;
    }
    return sent;
  }

  it('is cut off, and the others notice nothing', async () => {
    const slow = await RawSocket.connect(app, ben);
    const rooms = app.app.get(Rooms, { strict: false });
    slow.ws.pause();
    const sent = await sendUntil(async () => !rooms.hasUser(ben.id), 20_000);
    expect(rooms.hasUser(ben.id)).toBe(false);
    await bystander.until(() => (bystander.messages(group).length >= sent ? true : undefined));
    slow.ws.resume();
    await slow.closed;
  });

  describe('over polling', () => {
    let url: string;

    /** Everything that waits, in one poll. */
    const poll = async (): Promise<string> => (await fetch(url)).text();

    beforeEach(async () => {
      const handshake = await fetch(`${app.url}/socket.io/?EIO=4&transport=polling`);
      const { sid } = JSON.parse((await handshake.text()).slice(1)) as { sid: string };
      url = `${app.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      await fetch(url, { method: 'POST', body: `40${JSON.stringify({ token: ben.accessToken })}` });
      let heard = await poll();
      while (!heard.includes('"ready"')) heard += await poll();
    });

    it('is cut off, too', async () => {
      // A POST leaves the packets that wait where they are.
      const gone = async (): Promise<boolean> => (await fetch(url, { method: 'POST', body: '3' })).status === 400;
      const sent = await sendUntil(gone, 2_000);
      expect(await gone()).toBe(true);
      await bystander.until(() => (bystander.messages(group).length >= sent ? true : undefined));
    });

    it('is spared what is worth nothing a moment later, and nothing else', async () => {
      await sendUntil(async () => false, 100);
      const [slow] = app.app.get(Rooms, { strict: false }).ofUser(ben.id);
      await eventually(() => expect(slow?.data.behind).toBe(true));
      await sender.command('typing:start', { conversationId: group });
      await bystander.next('typing:changed');
      const last = await sender.say(group, 'the last');
      const heard = await poll();
      expect(heard.split('"message:sent"')).toHaveLength(102);
      expect(heard).toContain(`"seq":${last.seq}`);
      expect(heard).not.toContain('typing:changed');
      await eventually(() => expect(slow?.data.behind).toBe(false));
      await sender.command('typing:stop', { conversationId: group });
      expect(await poll()).toContain('typing:changed');
    });
  });
});
