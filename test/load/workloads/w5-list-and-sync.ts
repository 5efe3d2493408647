import { LIMITS } from '@parley/contracts';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { measureRequests, type Ask } from '../drive/requests.js';
import { seedMessages, settle } from '../people/history.js';
import { Population, type Person } from '../people/population.js';
import { Parley } from '../systems/parley.js';
import { countStatements } from '../systems/statement-count.js';
import { httpRequest, LightHttp } from '../wire/light-http.js';
import type { RunContext, Workload } from './workload.js';

export const COUNTS = [10, 100, 1_000] as const;
/** People with so many conversations each, who ask at the same time. */
const ASKERS = 8;
/** Messages of each conversation, of which its reader has not seen the last few. */
const MESSAGES = 100;
const UNREAD = 3;
const SEEDED_AT_ONCE = 500;

export type Question = 'list' | 'sync';

export function asked(question: Question, conversations: number): string {
  return `${question} of ${conversations.toLocaleString('en-US')} conversations`;
}

/** W5: what opening the application costs somebody with few and with many conversations. */
export class ListAndSync implements Workload {
  private readonly folder = temporaryFolder();
  private readonly population = new Population();
  private readonly readers = new Map<number, Person[]>();

  constructor(private readonly context: RunContext) {}

  async prepare(): Promise<void> {
    const [author] = this.population.addPeople(1) as [Person];
    for (const count of COUNTS) {
      const readers = this.population.addPeople(this.context.short ? 2 : ASKERS);
      this.readers.set(count, readers);
      for (const reader of readers) {
        for (let one = 0; one < count; one += 1) this.population.addConversation('group', [author, reader]);
      }
    }
    const parley = await Parley.start({ folder: this.folder });
    try {
      await parley.admit(this.population);
      await this.fill(parley, author);
    } finally {
      await parley.stop();
    }
  }

  async round(round: number): Promise<void> {
    const parley = await Parley.start({ folder: this.folder });
    try {
      for (const question of ['list', 'sync'] as const) {
        for (const count of COUNTS) await this.measure(parley, question, count, round);
      }
    } finally {
      await parley.stop();
    }
  }

  async finish(): Promise<void> {
    this.folder.remove();
    return Promise.resolve();
  }

  private async measure(parley: Parley, question: Question, count: number, round: number): Promise<void> {
    const { context } = this;
    const readers = this.readers.get(count) ?? [];
    const epoch = await parley.epoch();
    const connections = await Promise.all(readers.map(() => LightHttp.connect(parley.address.port)));
    const askers = readers.map((reader, index): Ask => {
      const request = requestOf(question, reader, parley.tokenOf(reader), epoch);
      return () => connections[index]!.ask(request);
    });
    const {
      requestsPerSecond = null,
      requestP50 = null,
      requestP99 = null,
      ...others
    } = await measureRequests(parley.pid, askers, context, context.signal);
    const statements = await parley.withDatabase((client) => countStatements(client, this.folder.path, askers[0]!));
    const values = { requestsPerSecond, requestP50, requestP99, statements, ...others };
    context.record({ workload: 'w5', case: asked(question, count), system: 'parley', round, values });
    for (const connection of connections) connection.close();
  }

  private async fill(parley: Parley, author: Person): Promise<void> {
    const ids = this.population.conversations.map(({ id }) => id);
    await parley.withDatabase(async (client) => {
      for (let from = 0; from < ids.length; from += SEEDED_AT_ONCE) {
        await seedMessages(client, ids.slice(from, from + SEEDED_AT_ONCE), author.userId, MESSAGES);
      }
      await client.query('UPDATE conversation_heads SET last_seq = $1', [MESSAGES]);
      await client.query('UPDATE members SET read_seq = $1, delivered_seq = $1', [MESSAGES - UNREAD]);
      await settle(client);
    });
  }
}

function requestOf(question: Question, { conversationIds }: Person, token: string, epoch: string): Buffer {
  if (question === 'list') return httpRequest('GET', '/v1/conversations', token);
  const cursors = conversationIds.slice(0, LIMITS.syncCursorsMax).map((id) => [id, MESSAGES] as const);
  return httpRequest('POST', '/v1/sync', token, { epoch, cursors: Object.fromEntries(cursors) });
}
