import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { CONNECTION_OPTIONS } from './connection.js';
import { MIGRATIONS } from './migrations.js';

type Entities = NonNullable<DataSourceOptions['entities']>;

/** The TypeORM data source of the features. Migrations run by `migrate.ts`, never by `synchronize`. */
export function createDataSource(config: Config, entities: Entities): DataSource {
  return new DataSource({
    type: 'postgres',
    url: config.database.url,
    entities,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    applicationName: 'parley',
    poolSize: config.database.poolSize,
    extra: CONNECTION_OPTIONS,
    logging: false,
  });
}
