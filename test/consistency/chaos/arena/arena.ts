import { join } from 'node:path';
import { findRunning } from '../../../../apps/server/src/database/embedded/embedded-postgres.js';
import { findPostgresBinaries } from '../../../../apps/server/src/database/embedded/postgres-binaries.js';
import { stopOrphan } from '../../../../apps/server/src/database/embedded/postmaster.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import type { Cluster } from './cluster.js';
import { Link } from './link.js';
import { NodeUnderTest } from './node-under-test.js';
import type { Topology } from './topology.js';

/** The servers of one run with their database, and what lies in between: all that a fault can break. */
export class Arena {
  private constructor(
    readonly nodes: readonly NodeUnderTest[],
    /** Between the servers and an external database; null where there is none. */
    readonly databaseLink: Link | null,
    /** The data folder of the embedded database. */
    readonly dataDir: string,
    private readonly findDatabase: () => Promise<string>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async open(topology: Topology, cluster: Cluster): Promise<Arena> {
    return topology.database === 'embedded' ? Arena.openEmbedded(topology) : Arena.openExternal(topology, cluster);
  }

  private static async openEmbedded({ env, preloads }: Topology): Promise<Arena> {
    const folder = temporaryFolder();
    const cleanUp = async (): Promise<void> => {
      // A server that was killed leaves its PostgreSQL behind.
      await stopOrphan(join(folder.path, 'postgres'), findPostgresBinaries());
      folder.remove();
    };
    try {
      const place = { dataDir: folder.path };
      const node = await NodeUnderTest.start({ name: 'the server', place, env, preloads });
      return new Arena([node], null, folder.path, () => findRunning(folder.path), cleanUp);
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  private static async openExternal(topology: Topology, cluster: Cluster): Promise<Arena> {
    const database = await cluster.createDatabase();
    const folder = temporaryFolder();
    const direct = new URL(database.url);
    const link = topology.databaseLink ? await Link.to({ host: direct.hostname, port: Number(direct.port) }) : null;
    const cleanUp = async (): Promise<void> => {
      await database.drop();
      folder.remove();
    };
    const place = { databaseUrl: link === null ? database.url : throughLink(direct, link) };
    const names = topology.nodes === 1 ? ['the server'] : ['node one', 'node two'];
    const env = { PARLEY_DATA_DIR: folder.path, ...topology.env };
    const started = await Promise.allSettled(
      names.map((name) => NodeUnderTest.start({ name, place, env, preloads: topology.preloads })),
    );
    const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []));
    const arena = new Arena(nodes, link, folder.path, () => Promise.resolve(database.url), cleanUp);
    const failed = started.find((node) => node.status === 'rejected');
    if (failed === undefined) return arena;
    await arena.close();
    throw failed.reason;
  }

  get node(): NodeUnderTest {
    return this.nodes[0]!;
  }

  /** The database itself, past every link. An embedded one may have another address after a restart. */
  databaseUrl(): Promise<string> {
    return this.findDatabase();
  }

  /** Undoes what faults have done to the links. */
  heal(): void {
    for (const link of [this.databaseLink, ...this.nodes.map((node) => node.link)]) {
      link?.up();
      link?.flow();
      link?.endForgotten();
    }
  }

  async close(): Promise<void> {
    this.heal();
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.databaseLink?.close();
    await this.cleanUp();
  }
}

function throughLink(direct: URL, link: Link): string {
  const url = new URL(direct);
  url.host = `127.0.0.1:${link.port}`;
  return url.href;
}
