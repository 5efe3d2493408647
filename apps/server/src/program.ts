import { Logger } from '@nestjs/common';
import { AppLogger, createLogger } from './common/logger.js';
import { StartupError } from './common/startup-error.js';
import { SettingsError } from './config/env.js';

/**
 * Runs a command of one step with its arguments: prints what it returns, or in one line what a person can mend.
 * The exit code is 0 or 1.
 */
export function runProgram(work: (args: readonly string[]) => Promise<string>): void {
  Logger.overrideLogger(new AppLogger(createLogger({ production: false, logLevel: 'warn' })));
  work(process.argv.slice(2)).then(
    (said) => process.stdout.write(`${said}\n`),
    (error: unknown) => {
      const isExpected = error instanceof StartupError || error instanceof SettingsError;
      process.stderr.write(`${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
      process.exitCode = 1;
    },
  );
}
