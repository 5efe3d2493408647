import { Client } from 'pg';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { measureRequests, type Ask } from '../drive/requests.js';
import type { Values } from '../drive/window.js';
import { seedHistory, settle } from '../people/history.js';
import { Population, type Conversation } from '../people/population.js';
import type { SystemName } from '../systems/chat-system.js';
import { Parley } from '../systems/parley.js';
import { httpRequest, LightHttp } from '../wire/light-http.js';
import { takeTurns, type RunContext, type Workload } from './workload.js';

export const LENGTHS = [1_000, 100_000, 1_000_000] as const;
/** In a short run the longer ones are so many times shorter. */
const SHORTER = 50;
const PAGE = 50;
/** So many ask at the same time, each a member of its own. */
const ASKERS = 16;
/** Different pages deep down. A prime, so that the askers do not go through them in step. */
const DEEP_PAGES = 61;

export type Depth = 'newest page' | 'deep page';

export function pages(depth: Depth, length: number): string {
  return `${depth} of ${length.toLocaleString('en-US')}`;
}

/** A page as Parley's query reads it, and nothing else: no access, no reactions, no JSON. */
const PAGE_SQL = `
  SELECT conversation_id, seq, sender_id, client_id, kind, body, data, reply_to_seq, created_at, edited_at,
         deleted_at, changed_seq, version, mentioned, mentions_all
    FROM messages WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT ${PAGE}`;
/** Rows as they come over the wire: turning them into dates and numbers is the client's affair. */
const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

interface History {
  conversation: Conversation;
  /** As in the name of the case, and as it is in a short run. */
  nominal: number;
  length: number;
}

/** W4: pages of a conversation over REST, beside the same pages by plain SQL. */
export class HistoryPages implements Workload {
  private readonly folder = temporaryFolder();
  private readonly population = new Population();
  private readonly histories: History[] = [];

  constructor(private readonly context: RunContext) {}

  async prepare(): Promise<void> {
    const members = this.population.addPeople(ASKERS);
    for (const nominal of LENGTHS) {
      const length = this.context.short && nominal > PAGE * SHORTER ? nominal / SHORTER : nominal;
      this.histories.push({ conversation: this.population.addConversation('group', members), nominal, length });
    }
    const parley = await Parley.start({ folder: this.folder });
    try {
      await parley.admit(this.population);
      await parley.withDatabase(async (client) => {
        for (const { conversation, length } of this.histories) await seedHistory(client, conversation, length);
        await settle(client);
      });
    } finally {
      await parley.stop();
    }
  }

  async round(round: number): Promise<void> {
    const parley = await Parley.start({ folder: this.folder });
    try {
      for (const history of this.histories) {
        for (const depth of ['newest page', 'deep page'] as const) {
          await takeTurns(round, [
            async () => this.record(history, depth, 'bare PostgreSQL', round, await this.bySql(parley, history, depth)),
            async () => this.record(history, depth, 'parley', round, await this.byRest(parley, history, depth)),
          ]);
        }
      }
    } finally {
      await parley.stop();
    }
  }

  async finish(): Promise<void> {
    this.folder.remove();
    return Promise.resolve();
  }

  private async byRest(parley: Parley, history: History, depth: Depth): Promise<Values> {
    const { members, id } = history.conversation;
    const connections = await Promise.all(members.map(() => LightHttp.connect(parley.address.port)));
    const askers = members.map((person, index): Ask => {
      const token = parley.tokenOf(person);
      const requests = placesOf(history, depth).map((before) => {
        const place = depth === 'deep page' ? `&before=${before}` : '';
        return httpRequest('GET', `/v1/conversations/${id}/messages?limit=${PAGE}${place}`, token);
      });
      return (turn) => connections[index]!.ask(requests[turn % requests.length]!);
    });
    const values = await measureRequests(parley.pid, askers, this.context, this.context.signal);
    for (const connection of connections) connection.close();
    return values;
  }

  private async bySql(parley: Parley, history: History, depth: Depth): Promise<Values> {
    const connectionString = await parley.databaseUrl();
    const clients = Array.from({ length: ASKERS }, () => new Client({ connectionString, types: AS_TEXT }));
    // What breaks fails the query under way; without a listener the process would end.
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    const places = placesOf(history, depth);
    const askers = clients.map((client): Ask => async (turn) => {
      const values = [history.conversation.id, places[turn % places.length]];
      const { rows } = await client.query({ name: 'page', text: PAGE_SQL, values, rowMode: 'array' });
      if (rows.length !== PAGE) throw new Error(`${rows.length} rows instead of ${PAGE}`);
    });
    const values = await measureRequests(parley.pid, askers, this.context, this.context.signal);
    await Promise.all(clients.map((client) => client.end()));
    return values;
  }

  private record(history: History, depth: Depth, system: SystemName, round: number, values: Values): void {
    const { requestsPerSecond = null, requestP50 = null, requestP99 = null, ...others } = values;
    const paged = { pagesPerSecond: requestsPerSecond, requestP50, requestP99, ...others };
    this.context.record({ workload: 'w4', case: pages(depth, history.nominal), system, round, values: paged });
  }
}

/** Before which numbers is asked: the end, or places all over the older half. */
function placesOf({ length }: History, depth: Depth): number[] {
  if (depth === 'newest page') return [length + 1];
  return Array.from({ length: DEEP_PAGES }, (_, index) => PAGE + 1 + Math.floor((index * (length / 2)) / DEEP_PAGES));
}
