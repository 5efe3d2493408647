import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { main, requireNode } from './lib/workspace.mjs';

/**
 * `npm test [-- Jest's options]`: from a fresh clone to the tests' result. Without a choice of projects, all
 * but what takes minutes: `npm test -- --selectProjects long`.
 */
await main(async () => {
  requireNode();
  await prepare();
  const runner = ['--import', 'tsx', '--conditions=@parley/source', 'test/support/run-jest.ts'];
  const given = process.argv.slice(2);
  // At the end, because Jest takes what follows this option for further projects.
  const projects = given.some((option) => option.startsWith('--selectProjects')) ? [] : ['--ignoreProjects=long'];
  process.exitCode = await runNode([...runner, ...given, ...projects]);
});
