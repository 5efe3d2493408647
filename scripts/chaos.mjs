import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, requireNode } from './lib/workspace.mjs';

/** `npm run chaos [-- options]`: real servers, people at work, faults, and a checker. `--help` tells the rest. */
await main(async () => {
  requireNode();
  await prepare();
  const loader = ['--import', import.meta.resolve('tsx'), '--conditions=@parley/source'];
  process.exitCode = await runNode([...loader, inRoot('test/consistency/chaos/main.ts'), ...process.argv.slice(2)], {
    env: { ...process.env, TSX_TSCONFIG_PATH: inRoot('tsconfig.json') },
  });
});
