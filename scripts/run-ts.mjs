import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, requireNode, SetupError } from './lib/workspace.mjs';

/** Runs a TypeScript program of this repository, from its source: `node scripts/run-ts.mjs FILE [arguments]`. */
await main(async () => {
  requireNode();
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) throw new SetupError('Which program? node scripts/run-ts.mjs FILE [arguments]');
  await prepare({ withBuild: false });
  const loader = ['--import', import.meta.resolve('tsx'), '--conditions=@parley/source'];
  process.exitCode = await runNode([...loader, inRoot(program), ...args], {
    // The files that a person names are relative to where they typed the command.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    env: { ...process.env, TSX_TSCONFIG_PATH: inRoot('tsconfig.json') },
  });
});
