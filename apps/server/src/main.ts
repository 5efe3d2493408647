import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { announce } from './announcement.js';
import { AppLogger, createLogger } from './common/logger.js';
import { StartupError } from './common/startup-error.js';
import { toConfig, type Config } from './config/config.js';
import { readEnv } from './config/env.js';
import { openDatabase } from './database/open-database.js';
import { DrainService } from './health/drain.service.js';
import { ProcessLifetime } from './process-lifetime.js';
import { tuneRuntime } from './runtime-flags.js';

/** Process entry: settings, database, application, and their end in the opposite order. */
const lifetime = new ProcessLifetime();

tuneRuntime();

lifetime.begin(async (ending) => {
  const env = readEnv(process.env);
  const log = createLogger({ production: env.NODE_ENV === 'production', logLevel: env.PARLEY_LOG_LEVEL });
  Logger.overrideLogger(new AppLogger(log));

  // Loading the application takes as long as PostgreSQL takes to start, which is another process.
  const [database, { createApp }] = await Promise.all([openDatabase(env, ending), import('./app.factory.js')]);
  lifetime.onEnd(() => database.close());
  ending.throwIfAborted();

  const config = toConfig(env, database.url);
  const app = await createApp(config);
  lifetime.onEnd(() => app.close());
  ending.throwIfAborted();

  await listen(app, config);
  lifetime.onEnd(() => app.get(DrainService).drain());
  const { port } = app.getHttpServer().address() as AddressInfo;
  announce({ host: config.http.host, port, database: database.description, config });
});

async function listen(app: NestExpressApplication, { http: { host, port } }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const reason = LISTEN_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new StartupError(`Cannot listen on ${host} port ${port}: ${reason}`);
  }
}

const LISTEN_ERRORS: Record<string, string> = {
  EADDRINUSE: 'another program uses it. Stop that, or choose another port with PORT.',
  EACCES: 'the system does not allow it. Choose a port above 1023 with PORT.',
  EADDRNOTAVAIL: 'this machine does not have that address. Choose another with HOST.',
  ENOTFOUND: 'there is no such address. Choose another with HOST.',
};
