import { connectAll } from '../drive/chat-client.js';
import { closedLoop, during } from '../drive/loops.js';
import { Traffic } from '../drive/traffic.js';
import { drain, measureTraffic } from '../drive/window.js';
import { seedForeignMessages, settle } from '../people/history.js';
import { Population } from '../people/population.js';
import { measureBareInserts } from '../systems/bare-postgres.js';
import { BareSocketIo } from '../systems/bare-socket-io.js';
import type { ChatSystem } from '../systems/chat-system.js';
import { Parley } from '../systems/parley.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { verifyStored } from './stored-messages.js';
import { takeTurns, type RunContext, type Workload } from './workload.js';

const PAIRS = 25;
const OPEN = [8, 1];
const FULL_TABLE = { rows: 3_000_000, conversations: 3_000 };
const SHORT_FULL_TABLE = { rows: 10_000, conversations: 100 };
/** How long one delivery in so many took is looked up. */
const SAMPLE_EVERY = 7;

export const EMPTY = 'empty table';
export const FULL = '3,000,000 rows';
export const BARE_INSERTS = 'rows inserted in batches of 400';

/** The name of a case: each of 50 people keeps so many sends open, on a table of this kind. */
export function caseOf(open: number, table: string): string {
  return `${open} open, ${table}`;
}

/** W1: 25 pairs talk as fast as the server lets them, on an empty table and on a full one. */
export class DurableSend implements Workload {
  private readonly full = temporaryFolder();

  constructor(private readonly context: RunContext) {}

  async prepare(): Promise<void> {
    const table = this.context.short ? SHORT_FULL_TABLE : FULL_TABLE;
    this.context.say(`filling a table with ${table.rows} messages`);
    const parley = await Parley.start({ folder: this.full });
    try {
      await parley.withDatabase(async (client) => {
        await seedForeignMessages(client, table);
        await settle(client);
      });
    } finally {
      await parley.stop();
    }
  }

  async round(round: number): Promise<void> {
    await takeTurns(round, [
      async () => this.send(await BareSocketIo.start(), EMPTY, round),
      async () => this.send(await Parley.start(), EMPTY, round),
      async () => this.send(await Parley.start({ folder: this.full }), FULL, round),
      async () => this.insert(round),
    ]);
  }

  async finish(): Promise<void> {
    this.full.remove();
    return Promise.resolve();
  }

  private async send(system: ChatSystem, table: string, round: number): Promise<void> {
    const { context } = this;
    const traffic = new Traffic(SAMPLE_EVERY);
    try {
      const population = new Population();
      for (let pair = 0; pair < PAIRS; pair += 1) population.addConversation('direct', population.addPeople(2));
      await system.admit(population);
      const clients = await connectAll(system, population.people, traffic);
      const senders = population.conversations.flatMap((conversation) =>
        clients
          .filter(({ person }) => conversation.members.includes(person))
          .map((client) => ({ client, conversation })),
      );
      for (const open of OPEN) {
        const values = await during(
          closedLoop(senders, open),
          measureTraffic(system, traffic, context, context.signal),
        );
        await drain(system, traffic, context.signal);
        context.record({ workload: 'w1', case: caseOf(open, table), system: system.name, round, values });
      }
      if (system instanceof Parley) await verifyStored(system, population.conversations, traffic.acked);
      for (const client of clients) client.close();
    } finally {
      await system.stop();
    }
  }

  private async insert(round: number): Promise<void> {
    const { warmUpMs, measureMs, record } = this.context;
    const rowsPerSecond = await measureBareInserts(warmUpMs, measureMs);
    record({ workload: 'w1', case: BARE_INSERTS, system: 'bare PostgreSQL', round, values: { rowsPerSecond } });
  }
}
