import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, requireNode, ROOT, SetupError } from './lib/workspace.mjs';

const PROGRAMS = ['backup', 'restore'];

/** Runs a program of the built server with the settings of `npm start`: `node scripts/run-built.mjs NAME [FOLDER]`. */
await main(async () => {
  requireNode();
  const [name, ...folders] = process.argv.slice(2);
  if (!PROGRAMS.includes(name)) throw new SetupError(`Which program? One of ${PROGRAMS.join(', ')}`);
  // The folders that a person names are relative to where they typed the command.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  process.chdir(ROOT);
  if (existsSync('.env')) process.loadEnvFile('.env');
  await prepare();
  const program = inRoot('apps', 'server', 'dist', `${name}.js`);
  process.exitCode = await runNode([program, ...folders.map((folder) => resolve(from, folder))]);
});
