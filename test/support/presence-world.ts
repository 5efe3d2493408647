import type { PresenceState } from '@parley/contracts';
import type { DataSource } from 'typeorm';
import type { Actor } from '../../apps/server/src/common/actor.js';
import { newId } from '../../apps/server/src/common/id.js';
import { createDataSource } from '../../apps/server/src/database/data-source.js';
import type { Fact } from '../../apps/server/src/events/fact.js';
import type { PresenceTiming } from '../../apps/server/src/presence/presence.timing.js';
import { testConfig } from './config.js';
import { CuttingProxy } from './cutting-proxy.js';
import { createDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { statesOf, startPresence, type PresenceNode } from './presence-node.js';
import { seedUsers } from './seed.js';

/** Several nodes on one database, people who connect to them, and a hand on the clock. */
export class PresenceWorld {
  private nodes: PresenceNode[] = [];
  /** What all nodes published, in the order in which they did. */
  private published: Fact[] = [];
  private proxies: CuttingProxy[] = [];

  private constructor(
    private readonly database: TestDatabase,
    /** The test's own way into the database. */
    readonly db: DataSource,
  ) {}

  static async create(): Promise<PresenceWorld> {
    const database = await createDatabase();
    return new PresenceWorld(database, await createDataSource(testConfig(database.url), []).initialize());
  }

  async startNode(timing: Partial<PresenceTiming> = {}, url = this.database.url): Promise<PresenceNode> {
    const node = await startPresence(url, timing);
    node.bus.subscribe((change) => this.published.push(...change));
    this.nodes.push(node);
    return node;
  }

  /** A node whose way to the database can be cut. */
  async startProxiedNode(timing: Partial<PresenceTiming> = {}): Promise<{ node: PresenceNode; proxy: CuttingProxy }> {
    const url = new URL(this.database.url);
    const proxy = await CuttingProxy.to(url.hostname, Number(url.port || 5432));
    this.proxies.push(proxy);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.localPort);
    return { node: await this.startNode(timing, url.href), proxy };
  }

  async people(count: number): Promise<Actor[]> {
    return (await seedUsers(this.db, count)).map((userId) => ({ userId, sessionId: newId() }));
  }

  connect(node: PresenceNode, actor: Actor): string {
    const connectionId = newId();
    node.presence.connected({ connectionId, actor });
    return connectionId;
  }

  /**
   * The states that were told of somebody, by whatever node, in the order in which they were. Of several
   * nodes one may say again what another has said, because it looks whether its own word still counts.
   */
  said(actor: Actor): PresenceState[] {
    const states = statesOf(this.published, actor.userId);
    return states.filter((state, index) => state !== states[index - 1]);
  }

  /** How somebody is in the eyes of somebody else, asked of the first node or the given one. */
  async seen(asker: Actor, whom: Actor, node = this.nodes[0]): Promise<PresenceState | undefined> {
    return (await node?.presence.get(asker, [whom.userId]))?.items[0]?.state;
  }

  /** Lets the grace period of everything that has ended pass. */
  async passGrace(): Promise<void> {
    await this.db.query(
      `UPDATE connections SET ended_at = ended_at - interval '12 seconds' WHERE ended_at IS NOT NULL`,
    );
  }

  async connections(count: number, where = 'true'): Promise<void> {
    await eventually(async () => {
      expect(await this.db.query(`SELECT 1 FROM connections WHERE ${where}`)).toHaveLength(count);
    });
  }

  async endedConnections(count: number): Promise<void> {
    await this.connections(count, 'ended_at IS NOT NULL');
  }

  /** The node of somebody's connections. */
  async bootIds(actor: Actor): Promise<string[]> {
    const rows: { boot_id: string }[] = await this.db.query('SELECT boot_id FROM connections WHERE user_id = $1', [
      actor.userId,
    ]);
    return rows.map((row) => row.boot_id);
  }

  /** Makes the lease of a node one that ended so many seconds ago. */
  async endLease(bootId: string, secondsAgo: number): Promise<void> {
    await this.db.query(`UPDATE nodes SET lease_until = now() - $2 * interval '1 second' WHERE boot_id = $1`, [
      bootId,
      secondsAgo,
    ]);
  }

  /** Waits until everything that is over has been swept, so that what is to be said has been said. */
  async swept(): Promise<void> {
    const marker = newId();
    await this.db.query(
      `INSERT INTO connections (boot_id, connection_id, session_id, user_id, state, ended_at)
       SELECT boot_id, $1, gen_random_uuid(), gen_random_uuid(), 'active', now() - interval '1 hour'
         FROM nodes ORDER BY lease_until DESC LIMIT 1`,
      [marker],
    );
    await this.connections(0, `connection_id = '${marker}'`);
  }

  /** Stops all nodes and forgets everybody. */
  async clear(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await Promise.all(this.nodes.map((node) => node.close()));
    this.nodes = [];
    this.published = [];
    this.proxies = [];
    await this.db.query('TRUNCATE nodes, connections, presences');
  }

  async destroy(): Promise<void> {
    await this.db.destroy();
    await this.database.drop();
  }
}
