import { eventually } from '../../../../test/support/eventually.js';
import type { PresenceNode } from '../../../../test/support/presence-node.js';
import { PresenceWorld } from '../../../../test/support/presence-world.js';
import { seedDirect, seedGroup } from '../../../../test/support/seed.js';
import type { Actor } from '../common/actor.js';

let world: PresenceWorld;
let ada: Actor, ben: Actor, cleo: Actor;

beforeAll(async () => {
  world = await PresenceWorld.create();
});

beforeEach(async () => {
  [ada, ben, cleo] = (await world.people(3)) as [Actor, Actor, Actor];
  await seedGroup(
    world.db,
    [ada, ben, cleo].map((actor) => actor.userId),
  );
});

afterEach(() => world.clear());
afterAll(() => world.destroy());

describe('who is online', () => {
  it('is told at once when somebody connects, and only once', async () => {
    const node = await world.startNode();
    expect(await world.seen(ben, ada)).toBe('offline');
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    expect(node.published[0]).toEqual({
      type: 'presence:changed',
      audience: { watchersOf: ada.userId },
      payload: { userId: ada.userId, state: 'active', lastSeenAt: null },
    });
    world.connect(node, ada);
    world.connect(node, ben);
    await eventually(() => expect(world.said(ben)).toEqual(['active']));
    expect(node.said(ada.userId)).toEqual(['active']);
    expect(await world.seen(ben, ada)).toBe('active');
  });

  it('is written without a rest in between while more connect than one write takes', async () => {
    const node = await world.startNode({ restMs: 600_000 });
    for (let count = 0; count < 500; count += 1) world.connect(node, ada);
    await world.connections(500);
  });

  it('is the most awake of all devices, on whatever nodes', async () => {
    const [one, other] = [await world.startNode(), await world.startNode()];
    const phone = world.connect(one, ada);
    const laptop = world.connect(other, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    one.presence.setState(phone, 'away');
    await world.connections(1, `state = 'away'`);
    expect(await world.seen(ben, ada)).toBe('active');
    other.presence.setState(laptop, 'away');
    await eventually(() => expect(other.said(ada.userId)).toContain('away'));
    expect(await world.seen(ben, ada)).toBe('away');
    other.presence.setState(laptop, 'active');
    await eventually(() => expect(other.said(ada.userId).at(-1)).toBe('active'));
    expect(world.said(ada)).toEqual(['active', 'away', 'active']);
  });

  it('goes down to away when the active device has been gone for the grace period', async () => {
    const node = await world.startNode();
    const phone = world.connect(node, ada);
    const laptop = world.connect(node, ada);
    node.presence.setState(phone, 'away');
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    node.presence.disconnected(laptop);
    await world.endedConnections(1);
    expect(await world.seen(ben, ada)).toBe('active');
    await world.passGrace();
    await eventually(() => expect(world.said(ada)).toEqual(['active', 'away']));
  });

  it('lasts through the grace period and ends after it, whichever of several nodes tells it', async () => {
    const node = await world.startNode();
    await world.startNode();
    await world.startNode();
    const connection = world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    node.presence.disconnected(connection);
    await world.endedConnections(1);
    await world.swept();
    expect(await world.seen(ben, ada)).toBe('active');
    await world.passGrace();
    expect(await world.seen(ben, ada)).toBe('offline');
    await eventually(() => expect(world.said(ada)).toContain('offline'));
    await world.swept();
    expect(world.said(ada)).toEqual(['active', 'offline']);
  });

  it('remembers when somebody was connected last', async () => {
    const node = await world.startNode();
    expect((await node.presence.get(ben, [ada.userId])).items[0]?.lastSeenAt).toBeNull();
    const connection = world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    node.presence.disconnected(connection);
    await world.endedConnections(1);
    const rows: { at: Date }[] = await world.db.query(`SELECT ended_at - interval '12 seconds' AS at FROM connections`);
    await world.passGrace();
    await eventually(() => expect(world.said(ada)).toContain('offline'));
    const view = { userId: ada.userId, state: 'offline', lastSeenAt: rows[0]?.at.toISOString() };
    expect(node.published.at(-1)?.payload).toEqual(view);
    expect((await node.presence.get(ben, [ada.userId])).items).toEqual([view]);
    world.connect(node, ada);
    await eventually(async () => {
      expect((await node.presence.get(ben, [ada.userId])).items[0]).toMatchObject({
        state: 'active',
        lastSeenAt: null,
      });
    });
  });

  it('says nothing when a device comes back within the grace period', async () => {
    const node = await world.startNode();
    const first = world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    node.presence.disconnected(first);
    await world.endedConnections(1);
    world.connect(node, ada);
    await world.connections(2);
    await world.passGrace();
    await world.swept();
    expect(node.said(ada.userId)).toEqual(['active']);
    expect(await world.seen(ben, ada)).toBe('active');
  });

  it('ignores what is said about a connection that is not there', async () => {
    const node = await world.startNode();
    node.presence.setState('nobody', 'away');
    node.presence.disconnected('nobody');
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    await world.connections(1);
  });

  it('comes out right when two nodes change the same people at the same time', async () => {
    const pair = [await world.startNode(), await world.startNode()];
    const crowd = await world.people(20);
    const devices = pair.flatMap((node) =>
      crowd.map((actor) => ({ node, actor, connectionId: world.connect(node, actor), state: 'active' })),
    );
    for (let round = 0; round < 20; round += 1) {
      for (const device of devices) {
        const state = Math.random() < 0.5 ? 'active' : 'away';
        device.state = state;
        device.node.presence.setState(device.connectionId, state);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await eventually(async () => {
      const told: { user_id: string; state: string }[] = await world.db.query('SELECT user_id, state FROM presences');
      const expected = crowd.map(({ userId }) => {
        const states = devices.filter((device) => device.actor.userId === userId).map((device) => device.state);
        return { user_id: userId, state: states.includes('active') ? 'active' : 'away' };
      });
      expect(new Set(told)).toEqual(new Set(expected));
    });
  });
});

describe('what was told', () => {
  it('is told again when another node changed it right after', async () => {
    const node = await world.startNode();
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    // Another node's change, whose announcement was heard before the one above.
    await world.db.query(`UPDATE presences SET state = 'away' WHERE user_id = $1`, [ada.userId]);
    await eventually(() => expect(world.said(ada)).toEqual(['active', 'away']));
  });
});

describe('who may see whom', () => {
  let node: PresenceNode;

  beforeEach(async () => {
    node = await world.startNode();
  });

  const watched = async (actor: Actor, ...whom: Actor[]): Promise<string[]> =>
    (
      await node.presence.watch(
        actor,
        whom.map(({ userId }) => userId),
      )
    ).watched;

  it('oneself and people one shares a conversation with, and no strangers', async () => {
    const [dan, eve] = (await world.people(2)) as [Actor, Actor];
    await seedDirect(world.db, ada.userId, dan.userId);
    expect(await watched(ada, ada, ben, dan, eve)).toEqual([ada.userId, ben.userId, dan.userId]);
    expect(await watched(eve, ada, eve)).toEqual([eve.userId]);
    expect((await node.presence.get(eve, [ada.userId])).items).toEqual([]);
  });

  it('nobody who has left all that was shared', async () => {
    await world.db.query('UPDATE members SET left_seq = 1 WHERE user_id = $1', [cleo.userId]);
    expect(await watched(ada, ben, cleo)).toEqual([ben.userId]);
    expect(await watched(cleo, ada, ben)).toEqual([]);
  });

  it('not across a block, whoever set it', async () => {
    await world.db.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [ada.userId, ben.userId]);
    expect(await watched(ada, ben, cleo)).toEqual([cleo.userId]);
    expect(await watched(ben, ada, cleo)).toEqual([cleo.userId]);
  });

  it('misses no change between the beginning of a watch and its answer', async () => {
    const begun: string[][] = [];
    const { items } = await node.presence.watch(ada, [ben.userId, cleo.userId], (ids) => {
      begun.push([...ids]);
      expect(world.said(ben)).toEqual([]);
    });
    expect(begun).toEqual([[ben.userId, cleo.userId]]);
    expect(items.map((item) => item.state)).toEqual(['offline', 'offline']);
  });
});
