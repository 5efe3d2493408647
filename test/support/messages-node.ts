import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { MessageView, SentMessageView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import type { Actor } from '../../apps/server/src/common/actor.js';
import { newId } from '../../apps/server/src/common/id.js';
import { ConfigModule } from '../../apps/server/src/config/config.module.js';
import { ConversationsAccess } from '../../apps/server/src/conversations/conversations.access.js';
import { ConversationsService } from '../../apps/server/src/conversations/conversations.service.js';
import { MembersService } from '../../apps/server/src/conversations/members.service.js';
import { DatabaseModule } from '../../apps/server/src/database/database.module.js';
import { Outbox } from '../../apps/server/src/database/outbox.js';
import { ENTITIES } from '../../apps/server/src/entities.js';
import type { Change } from '../../apps/server/src/events/fact.js';
import { EventsModule } from '../../apps/server/src/events/events.module.js';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { MessageChangesService } from '../../apps/server/src/messages/message-changes.service.js';
import { MessagesAccess } from '../../apps/server/src/messages/messages.access.js';
import { MessagesModule } from '../../apps/server/src/messages/messages.module.js';
import { MessagesService } from '../../apps/server/src/messages/messages.service.js';
import { UsersService } from '../../apps/server/src/users/users.service.js';
import { testConfig } from './config.js';
import { createDatabase } from './database.js';
import { seedUsers } from './seed.js';

/** The messages of one server, without an edge: services on a database of their own. */
export interface MessagesNode {
  messages: MessagesService;
  changes: MessageChangesService;
  access: MessagesAccess;
  conversations: ConversationsService;
  members: MembersService;
  users: UsersService;
  outbox: Outbox;
  dataSource: DataSource;
  databaseUrl: string;
  /** What the node has published, in order. */
  published: Change[];
  /** New people, each in a session of their own. */
  people(count: number): Promise<Actor[]>;
  /** A group of these people; its first message has the number 1. */
  group(owner: Actor, ...others: Actor[]): Promise<string>;
  direct(one: Actor, other: Actor): Promise<string>;
  /** Sends a text. */
  say(sender: Actor, conversationId: string, body: string, replyTo?: number): Promise<SentMessageView>;
  /** The number that the latest change of the conversation took. */
  lastSeq(conversationId: string): Promise<number>;
  /** A message as it is now. */
  show(viewer: Actor, conversationId: string, seq: number): Promise<MessageView>;
  /** A provider that has no name here. */
  get<T>(type: Type<T>): T;
  close(): Promise<void>;
}

/** With `features` that are built on messages, if there are any. */
export async function startMessages(
  env: Record<string, string> = {},
  features: readonly Type[] = [],
): Promise<MessagesNode> {
  const database = await createDatabase();
  const config = testConfig(database.url, env);
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      EventsModule,
      DatabaseModule.forRoot(ENTITIES),
      MessagesModule,
      ...features,
    ],
  }).compile();
  await module.init();
  const dataSource = module.get(DataSource);
  const messages = module.get(MessagesService, { strict: false });
  const conversations = module.get(ConversationsService, { strict: false });
  const published: Change[] = [];
  module.get(FactBus, { strict: false }).subscribe((change) => published.push(change));
  const idsOf = (people: readonly Actor[]): string[] => people.map(({ userId }) => userId);
  return {
    messages,
    changes: module.get(MessageChangesService, { strict: false }),
    access: module.get(MessagesAccess, { strict: false }),
    conversations,
    members: module.get(MembersService, { strict: false }),
    users: module.get(UsersService, { strict: false }),
    outbox: module.get(Outbox, { strict: false }),
    dataSource,
    databaseUrl: database.url,
    published,
    people: async (count) => (await seedUsers(dataSource, count)).map((userId) => ({ userId, sessionId: newId() })),
    group: async (owner, ...others) => {
      const input = { kind: 'group', title: 'Team', memberIds: idsOf(others) } as const;
      return (await conversations.create(owner, input)).conversation.id;
    },
    direct: async (one, other) =>
      (await conversations.create(one, { kind: 'direct', memberIds: [other.userId] })).conversation.id,
    say: (sender, conversationId, body, replyTo) =>
      messages.send(sender, conversationId, { clientId: newId(), body, replyTo }),
    lastSeq: async (conversationId) => {
      const heads = await module.get(ConversationsAccess, { strict: false }).listHeads([conversationId]);
      return heads.get(conversationId)?.lastSeq ?? 0;
    },
    show: (viewer, conversationId, seq) => messages.get(viewer, conversationId, seq),
    get: (type) => module.get(type, { strict: false }),
    close: async () => {
      await module.close();
      await database.drop();
    },
  };
}
