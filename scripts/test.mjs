import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { main, requireNode } from './lib/workspace.mjs';

/** `npm test [-- Jest's options]`: from a fresh clone to the tests' result. */
await main(async () => {
  requireNode();
  await prepare();
  const runner = ['--import', 'tsx', '--conditions=@parley/source', 'test/support/run-jest.ts'];
  process.exitCode = await runNode([...runner, ...process.argv.slice(2)]);
});
