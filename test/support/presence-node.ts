import { Test } from '@nestjs/testing';
import type { PresenceView } from '@parley/contracts';
import { DataSource } from 'typeorm';
import { Config } from '../../apps/server/src/config/config.js';
import { ConfigModule } from '../../apps/server/src/config/config.module.js';
import { DatabaseModule } from '../../apps/server/src/database/database.module.js';
import { Upkeep } from '../../apps/server/src/database/upkeep.js';
import { ENTITIES } from '../../apps/server/src/entities.js';
import { EventsModule } from '../../apps/server/src/events/events.module.js';
import type { Fact } from '../../apps/server/src/events/fact.js';
import { FactBus } from '../../apps/server/src/events/fact-bus.js';
import { PresenceModule } from '../../apps/server/src/presence/presence.module.js';
import { PresenceService } from '../../apps/server/src/presence/presence.service.js';
import { DEFAULT_TIMING, PresenceTiming } from '../../apps/server/src/presence/presence.timing.js';
import { TypingService } from '../../apps/server/src/presence/typing.service.js';
import { testConfig } from './config.js';

/** The presence of one server, without an edge. */
export interface PresenceNode {
  presence: PresenceService;
  typing: TypingService;
  bus: FactBus;
  /** What this node published, in order. */
  published: Fact[];
  /** What this node said about one person, in order. */
  said(userId: string): PresenceView['state'][];
  /** Takes all connections of requests, and gives them back when the returned function is called. */
  occupy(): Promise<() => Promise<void>>;
  /** Cuts the node off from the database for good, as if its process were gone. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a node on the database at `url`; the test drives the longer periods by changing rows. */
export async function startPresence(url: string, timing: Partial<PresenceTiming> = {}): Promise<PresenceNode> {
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(testConfig(url)), EventsModule, DatabaseModule.forRoot(ENTITIES), PresenceModule],
  })
    .overrideProvider(PresenceTiming)
    .useValue({ ...DEFAULT_TIMING, renewMs: 50, sweepMs: 20, batchMs: 5, restMs: 5, ...timing })
    .compile();
  module.useLogger(false);
  await module.init();
  const published: Fact[] = [];
  const bus = module.get(FactBus, { strict: false });
  bus.subscribe((change) => published.push(...change));
  return {
    presence: module.get(PresenceService, { strict: false }),
    typing: module.get(TypingService, { strict: false }),
    bus,
    published,
    said: (userId) => statesOf(published, userId),
    occupy: () => occupy(module.get(DataSource), module.get(Config).database.poolSize),
    crash: async () => {
      for (const source of [DataSource, Upkeep]) await module.get(source).destroy();
    },
    close: () => module.close(),
  };
}

async function occupy(dataSource: DataSource, connections: number): Promise<() => Promise<void>> {
  const runners = Array.from({ length: connections }, () => dataSource.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  return async () => {
    await Promise.all(runners.map((runner) => runner.release()));
  };
}

/** What these facts say about one person, in order. */
export function statesOf(facts: readonly Fact[], userId: string): PresenceView['state'][] {
  return facts.flatMap((fact) =>
    fact.type === 'presence:changed' && fact.payload.userId === userId ? [fact.payload.state] : [],
  );
}
