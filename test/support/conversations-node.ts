import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import type { Actor } from '../../apps/server/src/common/actor.js';
import { DomainError } from '../../apps/server/src/common/domain-error.js';
import { newId } from '../../apps/server/src/common/id.js';
import { ConfigModule } from '../../apps/server/src/config/config.module.js';
import { ConversationsAccess } from '../../apps/server/src/conversations/conversations.access.js';
import { ConversationsModule } from '../../apps/server/src/conversations/conversations.module.js';
import { ConversationsService } from '../../apps/server/src/conversations/conversations.service.js';
import { MembersService } from '../../apps/server/src/conversations/members.service.js';
import { DatabaseModule } from '../../apps/server/src/database/database.module.js';
import { Outbox } from '../../apps/server/src/database/outbox.js';
import { ENTITIES } from '../../apps/server/src/entities.js';
import type { Change } from '../../apps/server/src/events/fact.js';
import { EventsModule } from '../../apps/server/src/events/events.module.js';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { testConfig } from './config.js';
import { createDatabase } from './database.js';
import { seedUsers } from './seed.js';
import { recordStatements, type Statement } from './statements.js';

/** The conversations of one server, without an edge: services on a database of their own. */
export interface ConversationsNode {
  conversations: ConversationsService;
  members: MembersService;
  access: ConversationsAccess;
  outbox: Outbox;
  dataSource: DataSource;
  /** What the node has published, in order. */
  changes: Change[];
  /** New people, each in a session of their own. */
  people(count: number): Promise<Actor[]>;
  /** Stores texts, the way the appender does as far as readers can tell. */
  say(sender: Actor, conversationId: string, count?: number): Promise<void>;
  /** Lets `meanwhile` happen right after the first query of `work`. */
  interrupt<T>(work: () => Promise<T>, meanwhile: () => Promise<unknown>): Promise<T>;
  /** The queries of `work` and the settings made for them, without the upkeep that goes on beside it. */
  queriesOf(work: () => Promise<unknown>): Promise<Statement[]>;
  close(): Promise<void>;
}

export async function startConversations(env: Record<string, string> = {}): Promise<ConversationsNode> {
  const database = await createDatabase();
  const config = testConfig(database.url, env);
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), EventsModule, DatabaseModule.forRoot(ENTITIES), ConversationsModule],
  }).compile();
  await module.init();
  const dataSource = module.get(DataSource);
  const changes: Change[] = [];
  module.get(FactBus, { strict: false }).subscribe((change) => changes.push(change));
  return {
    conversations: module.get(ConversationsService, { strict: false }),
    members: module.get(MembersService, { strict: false }),
    access: module.get(ConversationsAccess, { strict: false }),
    outbox: module.get(Outbox, { strict: false }),
    dataSource,
    changes,
    people: async (count) => (await seedUsers(dataSource, count)).map((userId) => ({ userId, sessionId: newId() })),
    say: (sender, conversationId, count = 1) => say(dataSource, sender, conversationId, count),
    interrupt: (work, meanwhile) => interrupt(dataSource, work, meanwhile),
    queriesOf: async (work) =>
      (await recordStatements(dataSource, work)).filter(({ sql }) => isQuery(sql) || isSetting(sql)),
    close: async () => {
      await module.close();
      await database.drop();
    },
  };
}

async function say(dataSource: DataSource, sender: Actor, conversationId: string, count: number): Promise<void> {
  await dataSource.query(
    `WITH head AS (
       UPDATE conversation_heads SET last_seq = last_seq + $3::integer, last_message_at = clock_timestamp()
        WHERE conversation_id = $1 RETURNING last_seq - $3::integer AS before, last_message_at
     )
     INSERT INTO messages (conversation_id, seq, sender_id, client_id, kind, body, created_at)
     SELECT $1, head.before + n, $2, gen_random_uuid(), 'text', 'Hello', head.last_message_at
       FROM head, generate_series(1, $3::integer) AS n`,
    [conversationId, sender.userId, count],
  );
}

/** Lets `meanwhile` happen right after the first query of `work`. */
export async function interrupt<T>(
  dataSource: DataSource,
  work: () => Promise<T>,
  meanwhile: () => Promise<unknown>,
): Promise<T> {
  const interrupted: string[] = [];
  dataSource.subscribers.push({
    afterQuery: async ({ query }) => {
      if (interrupted.length > 0 || !isQuery(query)) return;
      interrupted.push(query);
      await meanwhile();
    },
  });
  const result = await work().finally(() => dataSource.subscribers.pop());
  if (interrupted.length === 0) throw new Error('There was no query to interrupt');
  return result;
}

const isSetting = (sql: string): boolean => sql.startsWith('SET LOCAL');

/** Whether it reads, and is not the upkeep that goes on beside everything. */
export const isQuery = (sql: string): boolean => /^\s*(SELECT|WITH)\b/.test(sql) && !/\boutbox\b/.test(sql);

/** The code with which something was refused, or `done`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}
