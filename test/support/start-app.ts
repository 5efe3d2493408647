import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../apps/server/src/app.factory.js';
import { testConfig } from './config.js';
import { createDatabase } from './database.js';

export interface RunningApp {
  /** `http://127.0.0.1:<port>` */
  url: string;
  databaseUrl: string;
  app: NestExpressApplication;
  /** Stops the server and drops the database, unless it was given. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Use this database and leave it in place. */
  databaseUrl?: string;
  /** Listen where another server has been; on a free port unless given. */
  port?: number;
  /** Settings by their names in the environment. */
  env?: Record<string, string>;
}

/** Starts the real server on a free port and a database of its own. */
export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const database = options.databaseUrl === undefined ? await createDatabase() : null;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const app = await createApp(testConfig(databaseUrl, options.env));
  await app.listen(options.port ?? 0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    app,
    close: async () => {
      await app.close();
      await database?.drop();
    },
  };
}
