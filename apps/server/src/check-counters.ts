import { Logger } from '@nestjs/common';
import { AppLogger, createLogger } from './common/logger.js';
import { StartupError } from './common/startup-error.js';
import { toConfig } from './config/config.js';
import { readEnv, SettingsError } from './config/env.js';
import { SummariesAccess } from './conversations/summaries.access.js';
import { CounterCheck } from './counters/counter-check.js';
import { createDataSource } from './database/data-source.js';
import { openDatabaseBeside } from './database/open-database.js';
import { UsersAccess } from './users/users.access.js';

const SAME = 0;
const DIFFERENT = 1;
const UNUSABLE = 2;

/**
 * Process entry of `npm run check:counters`: compares every derived number with a recount, beside a
 * running server or without one. Returns the exit code.
 */
async function main(): Promise<number> {
  const env = readEnv(process.env);
  Logger.overrideLogger(new AppLogger(createLogger({ production: false, logLevel: 'warn' })));
  const database = await openDatabaseBeside(env, new AbortController().signal);
  const dataSource = createDataSource(toConfig(env, database.url), []);
  try {
    await dataSource.initialize();
    return await report(new CounterCheck(dataSource, new SummariesAccess(new UsersAccess())));
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  }
}

async function report(check: CounterCheck): Promise<number> {
  let differences = 0;
  for await (const { place, what, shown, recounted } of check.run()) {
    differences += 1;
    const values = `${JSON.stringify(shown)}, recounted ${JSON.stringify(recounted)}`;
    process.stdout.write(`DIFFERENT: ${place}: ${what}: ${values}\n`);
  }
  const { users, memberships, conversations, messages } = check.counts;
  process.stdout.write(
    `Recounted the lists of ${users} people with ${memberships} conversations, and ${conversations} conversations ` +
      `with ${messages} messages: ${differences === 0 ? 'no difference' : `${differences} different`}\n`,
  );
  return differences === 0 ? SAME : DIFFERENT;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof StartupError || error instanceof SettingsError;
  process.stderr.write(`${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = UNUSABLE;
}
