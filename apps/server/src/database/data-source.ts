import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { CONNECTION_OPTIONS } from './connection.js';
import { MIGRATIONS } from './migrations.js';

type Entities = NonNullable<DataSourceOptions['entities']>;

/** The TypeORM data source of the features. Migrations run by `migrate.ts`, never by `synchronize`. */
export function createDataSource(config: Config, entities: Entities): DataSource {
  return new DataSource({
    ...connectTo(config, 'parley', config.database.poolSize),
    entities,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
  });
}

/** Where PostgreSQL is, and how this server talks to it on at most so many connections. */
export function connectTo(config: Config, applicationName: string, poolSize: number) {
  return {
    type: 'postgres' as const,
    url: config.database.url,
    synchronize: false,
    applicationName,
    poolSize,
    extra: CONNECTION_OPTIONS,
    logging: false,
  };
}
