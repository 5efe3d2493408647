import { Test } from '@nestjs/testing';
import type { AuthView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { AuthModule } from '../../apps/server/src/auth/auth.module.js';
import { AuthService } from '../../apps/server/src/auth/auth.service.js';
import type { Client } from '../../apps/server/src/auth/client.js';
import { RefreshService } from '../../apps/server/src/auth/refresh.service.js';
import { SessionsService } from '../../apps/server/src/auth/sessions.service.js';
import { TokensService } from '../../apps/server/src/auth/tokens.service.js';
import type { Actor } from '../../apps/server/src/common/actor.js';
import { CommonModule } from '../../apps/server/src/common/common.module.js';
import type { Config } from '../../apps/server/src/config/config.js';
import { ConfigModule } from '../../apps/server/src/config/config.module.js';
import { DatabaseModule } from '../../apps/server/src/database/database.module.js';
import { Transactions } from '../../apps/server/src/database/transactions.js';
import { ENTITIES } from '../../apps/server/src/entities.js';
import type { Fact } from '../../apps/server/src/events/fact.js';
import { EventsModule } from '../../apps/server/src/events/events.module.js';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { UsersAccess } from '../../apps/server/src/users/users.access.js';
import { UsersModule } from '../../apps/server/src/users/users.module.js';
import { UsersService } from '../../apps/server/src/users/users.service.js';
import { testConfig } from './config.js';

/** The accounts of one server, without an edge: auth and users on a database that others may share. */
export interface AccountsNode {
  auth: AuthService;
  refreshes: RefreshService;
  sessions: SessionsService;
  tokens: TokensService;
  users: UsersService;
  usersAccess: UsersAccess;
  transactions: Transactions;
  dataSource: DataSource;
  bus: FactBus;
  /** What the node has published, in order. */
  facts: Fact[];
  /** Somebody new, logged in. */
  register(username: string): Promise<{ actor: Actor; view: AuthView }>;
  close(): Promise<void>;
}

export const CLIENT: Client = { ip: '192.0.2.1', userAgent: 'a test' };
export const PASSWORD = 'a password of some length';

export async function startAccounts(
  databaseUrl: string,
  options: { env?: Record<string, string>; poolSize?: number } = {},
): Promise<AccountsNode> {
  const settings = testConfig(databaseUrl, options.env);
  const { poolSize = settings.database.poolSize } = options;
  const config: Config = Object.assign({}, settings, { database: { ...settings.database, poolSize } });
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      CommonModule,
      EventsModule,
      DatabaseModule.forRoot(ENTITIES),
      UsersModule,
      AuthModule,
    ],
  }).compile();
  await module.init();
  const get = <T>(type: new (...parameters: never[]) => T): T => module.get<T>(type, { strict: false });
  const facts: Fact[] = [];
  const bus = get(FactBus);
  bus.subscribe((change) => facts.push(...change));
  const auth = get(AuthService);
  return {
    auth,
    refreshes: get(RefreshService),
    sessions: get(SessionsService),
    tokens: get(TokensService),
    users: get(UsersService),
    usersAccess: get(UsersAccess),
    transactions: get(Transactions),
    dataSource: get(DataSource),
    bus,
    facts,
    register: async (username) => {
      const view = await auth.register(CLIENT, { username, password: PASSWORD });
      return { actor: { userId: view.user.id, sessionId: sessionIdOf(view.refreshToken) }, view };
    },
    close: () => module.close(),
  };
}

/** The session that a refresh token names. */
export function sessionIdOf(refreshToken: string): string {
  return refreshToken.slice(0, refreshToken.indexOf('.'));
}
