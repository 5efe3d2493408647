import { eventually } from '../../../../test/support/eventually.js';
import { PresenceWorld } from '../../../../test/support/presence-world.js';
import { seedGroup } from '../../../../test/support/seed.js';
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

describe('when a node goes', () => {
  it('a restart that moves everybody to another node within the grace period is not noticed', async () => {
    const [old, young] = [await world.startNode(), await world.startNode()];
    const crowd = await world.people(50);
    for (const actor of crowd) world.connect(old, actor);
    await eventually(() => expect(crowd.flatMap((actor) => world.said(actor))).toHaveLength(50));
    await old.presence.stop();
    for (const actor of crowd) world.connect(young, actor);
    await world.connections(100);
    await world.passGrace();
    await world.swept();
    await world.connections(50);
    expect(crowd.flatMap((actor) => world.said(actor))).toEqual(crowd.map(() => 'active'));
  });

  it('a drain begins the grace period at once', async () => {
    const [old] = [await world.startNode(), await world.startNode()];
    world.connect(old, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    await old.presence.stop();
    await world.swept();
    expect(world.said(ada)).toEqual(['active']);
    await world.passGrace();
    await eventually(() => expect(world.said(ada)).toEqual(['active', 'offline']));
  });

  it('a crash takes its people offline when the lease and the grace period are over, however many', async () => {
    const node = await world.startNode();
    await world.startNode();
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    const [bootId = ''] = await world.bootIds(ada);
    const crowd = (await world.people(1_500)).map((actor) => actor.userId);
    await world.db.query(
      `INSERT INTO connections (boot_id, connection_id, session_id, user_id, state)
       SELECT $1, id::text, id, id, 'active' FROM unnest($2::uuid[]) AS id`,
      [bootId, crowd],
    );
    await world.db.query(`INSERT INTO presences SELECT id, 'active' FROM unnest($1::uuid[]) AS id`, [crowd]);
    await node.crash();
    await world.endLease(bootId, 11);
    await world.swept();
    expect(world.said(ada)).toEqual(['active']);
    await world.endLease(bootId, 12);
    await eventually(() => expect(world.said(ada)).toEqual(['active', 'offline']));
    await eventually(async () => expect(await world.db.query('SELECT 1 FROM presences LIMIT 1')).toEqual([]));
    expect(await world.db.query('SELECT 1 FROM nodes WHERE boot_id = $1', [bootId])).toEqual([]);
    const seenWhenTheLeaseEnded = await world.db.query(
      `SELECT 1 FROM users WHERE id = $1 AND last_seen_at BETWEEN now() - interval '22 seconds' AND now() - interval '12 seconds'`,
      [ada.userId],
    );
    expect(seenWhenTheLeaseEnded).toHaveLength(1);
  });

  it('a node that was taken for dead comes back with all its people', async () => {
    const [node, other] = [await world.startNode(), await world.startNode()];
    world.connect(node, ada);
    world.connect(other, ben);
    await eventually(() => expect([world.said(ada), world.said(ben)]).toEqual([['active'], ['active']]));
    const [bootId = ''] = await world.bootIds(ada);
    await world.endLease(bootId, 13);
    await eventually(async () => {
      const bootIds = await world.bootIds(ada);
      expect(bootIds).toHaveLength(1);
      expect(bootIds).not.toContain(bootId);
    });
    expect(await world.seen(ben, ada, other)).toBe('active');
    await eventually(() => expect(world.said(ada).at(-1) ?? 'offline').toBe('active'));
    expect(world.said(ben)).toEqual(['active']);
  });
});

describe('when the database goes', () => {
  const QUICK = { leaseMs: 300, graceMs: 300, renewMs: 50 };

  it('nobody flaps, although everybody lost their lease', async () => {
    const pair = [await world.startProxiedNode(QUICK), await world.startProxiedNode(QUICK)];
    const crowd = await world.people(20);
    for (const [index, actor] of crowd.entries()) world.connect(pair[index % 2]!.node, actor);
    await eventually(() => expect(crowd.flatMap((actor) => world.said(actor))).toHaveLength(20));
    for (const { proxy } of pair) proxy.cutAnswers();
    await eventually(async () => {
      expect(
        await world.db.query(`SELECT 1 FROM nodes WHERE lease_until > now() - interval '700 milliseconds'`),
      ).toEqual([]);
    });
    for (const { proxy } of pair) proxy.heal();
    await eventually(async () => {
      expect(await world.db.query('SELECT 1 FROM nodes')).toHaveLength(2);
      expect(await world.db.query('SELECT 1 FROM connections')).toHaveLength(20);
      expect(await world.seen(ben, ben)).toBeDefined();
    });
    await world.swept();
    expect(crowd.flatMap((actor) => world.said(actor))).toEqual(crowd.map(() => 'active'));
  });

  it('goes on without it, and writes what is left to write when it is back', async () => {
    const { node, proxy } = await world.startProxiedNode();
    const gone = world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    proxy.cutAnswers();
    node.presence.disconnected(gone);
    world.connect(node, ben);
    const passing = world.connect(node, cleo);
    node.presence.setState(passing, 'away');
    node.presence.disconnected(passing);
    await expect(node.presence.get(ben, [ada.userId])).rejects.toThrow();
    proxy.heal();
    await eventually(() => expect(world.said(ben)).toEqual(['active']));
    await world.endedConnections(1);
    expect(world.said(cleo)).toEqual([]);
  });

  it('registers everybody again when a crash of PostgreSQL emptied the tables', async () => {
    const node = await world.startNode();
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    await world.db.query('TRUNCATE nodes, connections, presences');
    await eventually(() => expect(node.said(ada.userId).length).toBeGreaterThan(1));
    await eventually(() => expect(world.said(ada).at(-1)).toBe('active'));
    expect(await world.seen(ben, ada)).toBe('active');
  });
});

describe('when requests hold every connection of theirs', () => {
  it('a node keeps its lease and tells who comes', async () => {
    const node = await world.startNode();
    world.connect(node, ada);
    await eventually(() => expect(world.said(ada)).toEqual(['active']));
    const giveBack = await node.occupy();
    try {
      const leaseUntil = async (): Promise<Date | undefined> => {
        const [row]: { until: Date }[] = await world.db.query('SELECT max(lease_until) AS until FROM nodes');
        return row?.until;
      };
      const before = await leaseUntil();
      world.connect(node, ben);
      await eventually(() => expect(world.said(ben)).toEqual(['active']));
      await eventually(async () => expect(await leaseUntil()).not.toEqual(before));
    } finally {
      await giveBack();
    }
  });
});
