import { temporaryFolder } from '../../support/temporary-folder.js';
import { seedForeignMessages } from '../people/history.js';
import { postmasterOf } from '../systems/orphans.js';
import { Parley } from '../systems/parley.js';
import type { RunContext, Workload } from './workload.js';

const HISTORY = { rows: 1_000_000, conversations: 1_000 };
const SHORT_HISTORY = { rows: 10_000, conversations: 100 };

export const FIRST = 'first start on an empty data folder';
export const RESTART = 'restart after SIGTERM';
export const KILLED = 'start after kill -9 with 1,000,000 messages';
export const BOTH_KILLED = 'start after kill -9, of PostgreSQL as well';

/** From the start of the process until `/health/ready` answers 200. */
export class StartUp implements Workload {
  constructor(private readonly context: RunContext) {}

  async prepare(): Promise<void> {
    return Promise.resolve();
  }

  async round(round: number): Promise<void> {
    const folder = temporaryFolder();
    let parley: Parley | null = null;
    const start = async (name: string): Promise<Parley> => {
      const begin = performance.now();
      parley = await Parley.start({ folder });
      const values = { readySeconds: (performance.now() - begin) / 1_000 };
      this.context.record({ workload: 'start', case: name, system: 'parley', round, values });
      return parley;
    };
    try {
      const first = await start(FIRST);
      await first.stop();
      const filled = await start(RESTART);
      await this.fill(filled);
      await filled.kill();
      const again = await start(KILLED);
      // Written since the last checkpoint, so that there is something to replay.
      await this.fill(again);
      await again.kill();
      const postmaster = postmasterOf(folder.path);
      if (postmaster !== null) process.kill(postmaster, 'SIGKILL');
      await start(BOTH_KILLED);
    } finally {
      await (parley as Parley | null)?.stop();
      folder.remove();
    }
  }

  async finish(): Promise<void> {
    return Promise.resolve();
  }

  private async fill(parley: Parley): Promise<void> {
    const history = this.context.short ? SHORT_HISTORY : HISTORY;
    await parley.withDatabase((client) => seedForeignMessages(client, history));
  }
}
