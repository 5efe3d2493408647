import { randomUUID } from 'node:crypto';
import type { ParleyClient, SocketLike } from '@parley/client';
import type { CommandName, MessageView, Role } from '@parley/contracts';
import { Clients } from '../support/clients.js';
import { eventually } from '../support/eventually.js';
import { addTo, directOf, groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/** What an action works upon: the observer, Ben, looks on with one client that has asked `sync` once. */
interface Scene {
  id: string;
  ada: Person;
  ben: Person;
  cleo: Person;
  dora: Person;
  /** A text of Ada's that nobody has read, and one of Ben's. */
  adas: MessageView;
  bens: MessageView;
}

const path = ({ id }: Scene, rest: string): string => `/conversations/${id}${rest}`;
const say = (who: Person, scene: Scene, body: string, replyTo?: number): Promise<unknown> =>
  who.rest.post(path(scene, '/messages'), { clientId: randomUUID(), body, replyTo });
const react = (who: Person, scene: Scene, seq: number, emoji: string): Promise<unknown> =>
  who.rest.put(path(scene, `/messages/${seq}/reactions/${encodeURIComponent(emoji)}`), {});
const giveRole = (scene: Scene, who: Person, role: Role): Promise<unknown> =>
  scene.ada.rest.patch(path(scene, `/members/${who.id}`), { role });

const ACTIONS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'a text': (scene) => say(scene.ada, scene, 'one more'),
  'a text of one’s own, from another device': (scene) => say(scene.ben, scene, 'from my phone'),
  'an answer': (scene) => say(scene.cleo, scene, 'an answer', scene.adas.seq),
  'a mention': (scene) => say(scene.ada, scene, `@${scene.ben.username}`),
  'a mention of everybody': (scene) => say(scene.ada, scene, '@all'),
  'an edit': (scene) => scene.ada.rest.patch(path(scene, `/messages/${scene.adas.seq}`), { body: 'edited' }),
  'an edit that mentions': (scene) =>
    scene.ada.rest.patch(path(scene, `/messages/${scene.adas.seq}`), { body: `@${scene.ben.username}` }),
  'an edit of one’s own': (scene) =>
    scene.ben.rest.patch(path(scene, `/messages/${scene.bens.seq}`), { body: 'edited' }),
  'a deletion': (scene) => scene.ada.rest.delete(path(scene, `/messages/${scene.adas.seq}`)),
  'a deletion by the owner': (scene) => scene.ada.rest.delete(path(scene, `/messages/${scene.bens.seq}`)),
  'a reaction': (scene) => react(scene.cleo, scene, scene.bens.seq, '🎉'),
  'a reaction of one’s own': (scene) => react(scene.ben, scene, scene.adas.seq, '👍'),
  'a reaction that is taken back': async (scene) => {
    await react(scene.cleo, scene, scene.bens.seq, '🎉');
    const emoji = encodeURIComponent('🎉');
    await scene.cleo.rest.delete(path(scene, `/messages/${scene.bens.seq}/reactions/${emoji}`));
  },
  'a read position': (scene) => scene.cleo.rest.put(path(scene, '/read'), { seq: scene.adas.seq }),
  'a delivered position': (scene) => scene.cleo.rest.put(path(scene, '/delivered'), { seq: scene.bens.seq }),
  'a read position of one’s own': (scene) => scene.ben.rest.put(path(scene, '/read'), { seq: scene.bens.seq }),
  'reads that are hidden': (scene) => scene.cleo.rest.patch('/users/me', { readReceipts: false }),
  'settings of one’s own': (scene) => scene.ben.rest.patch(path(scene, '/settings'), { pinned: true, archived: true }),
  'a new member': (scene) => addTo(scene.id, scene.ada, scene.dora),
  'a removal': (scene) => removeFrom(scene.id, scene.ada, scene.cleo),
  'a leaving': (scene) => removeFrom(scene.id, scene.cleo, scene.cleo),
  'another title': (scene) => scene.ada.rest.patch(path(scene, ''), { title: 'Coffee' }),
  'another role': (scene) => giveRole(scene, scene.cleo, 'admin'),
  'another role of one’s own': (scene) => giveRole(scene, scene.ben, 'admin'),
  'another owner': (scene) => giveRole(scene, scene.ben, 'owner'),
  'a new group': (scene) => groupOf(scene.ada, scene.ben, scene.dora),
  'a new group of one’s own': (scene) => groupOf(scene.ben, scene.dora),
  'a direct conversation': (scene) => directOf(scene.dora, scene.ben),
  'one’s own removal': (scene) => removeFrom(scene.id, scene.ada, scene.ben),
  'one’s own removal and coming back': async (scene) => {
    await removeFrom(scene.id, scene.ada, scene.ben);
    await say(scene.ada, scene, 'without Ben');
    await addTo(scene.id, scene.ada, scene.ben);
    await say(scene.ada, scene, 'with Ben');
  },
};

describe('a snapshot, and then the facts of', () => {
  let app: RunningApp;
  let clients: Clients;
  let scene: Scene;

  beforeAll(async () => {
    app = await startApp();
    clients = new Clients(app);
  });

  beforeEach(async () => {
    const { ada, ben, cleo, dora } = await people(app, 'ada', 'ben', 'cleo', 'dora');
    const id = await groupOf(ada, ben, cleo);
    const text = async (who: Person, body: string): Promise<MessageView> =>
      (await who.rest.post<MessageView>(`/conversations/${id}/messages`, { clientId: randomUUID(), body })).body;
    scene = { id, ada, ben, cleo, dora, adas: await text(ada, 'Hello'), bens: await text(ben, 'Hello, Ada!') };
  });

  afterEach(() => clients.closeAll());
  afterAll(() => app.close());

  /** Everything that a client shows of its conversations. */
  function shown(client: ParleyClient): unknown {
    const { items } = client.conversations.getSnapshot();
    return items.map((summary) => {
      const { timeline, members, receipts } = client.conversation(summary.conversation.id);
      return {
        summary,
        timeline: timeline.getSnapshot().messages,
        members: members.getSnapshot(),
        receipts: receipts.getSnapshot(),
      };
    });
  }

  async function look(client: ParleyClient): Promise<ParleyClient> {
    for (const { conversation } of client.conversations.getSnapshot().items) {
      const open = client.conversation(conversation.id);
      while (open.timeline.getSnapshot().hasOlder) await open.loadOlder();
    }
    return client;
  }

  it.each(Object.entries(ACTIONS))('%s: equal a fresh snapshot', async (_name, act) => {
    const asked: string[] = [];
    const noting = (socket: SocketLike): SocketLike => ({
      get connected() {
        return socket.connected;
      },
      on: (event, listener) => socket.on(event, listener),
      connect: () => socket.connect(),
      disconnect: () => socket.disconnect(),
      emit: (event, ...values) => {
        asked.push(event);
        return socket.emit(event, ...values);
      },
    });
    const observer = await look(await clients.of(scene.ben, { wrapSocket: noting }));
    const before = JSON.stringify(shown(observer));
    await act(scene);
    await eventually(async () => {
      await look(observer);
      const fresh = await look(await clients.of(scene.ben));
      const expected = shown(fresh);
      fresh.close();
      expect(shown(observer)).toEqual(expected);
      expect(JSON.stringify(expected)).not.toBe(before);
    }, 15_000);
    const syncs: CommandName = 'sync';
    expect(asked.filter((event) => event === syncs)).toHaveLength(1);
  });
});
