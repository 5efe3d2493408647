import { Global, Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Config } from '../config/config.js';
import { FanOutDriver } from '../events/fan-out.driver.js';
import { createDataSource } from './data-source.js';
import { Epoch } from './epoch.js';
import { migrate } from './migrate.js';
import { Outbox } from './outbox.js';
import { Pools } from './pools.js';
import { Transactions } from './transactions.js';
import { Upkeep } from './upkeep.js';

/** PostgreSQL: connections, transactions, the outbox. The features' entities are handed in. */
@Global()
@Module({})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly upkeep: Upkeep,
    private readonly epoch: Epoch,
    private readonly fanOut: FanOutDriver,
  ) {}

  static forRoot(entities: NonNullable<DataSourceOptions['entities']>): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          inject: [Config],
          useFactory: async (config: Config) => {
            await migrate(config.database.url);
            return createDataSource(config, entities).initialize();
          },
        },
        // Asks for the data source because that is there when the schema is.
        {
          provide: Upkeep,
          inject: [Config, DataSource],
          useFactory: (config: Config) => Upkeep.connect(config),
        },
        Epoch,
        Outbox,
        Pools,
        Transactions,
      ],
      exports: [DataSource, Epoch, Outbox, Pools, Transactions, Upkeep],
    };
  }

  /** Runs after the epoch was read: nodes tell each other about one history of the database only. */
  async onModuleInit(): Promise<void> {
    await this.fanOut.start(this.epoch.value);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const source of [this.dataSource, this.upkeep]) if (source.isInitialized) await source.destroy();
  }
}
