import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, readText, requireNode, SetupError } from './lib/workspace.mjs';

const CHECK = '--check';

/** Each generated file and what makes its text. */
const FILES = [{ path: 'docs/openapi.json', make: () => runNode('apps/server/dist/describe-api.js') }];

/**
 * `npm run contracts`: writes what is generated from the code into `docs/`. With `-- --check` it writes
 * nothing, and fails when a file is not what the code makes.
 */
await main(async () => {
  requireNode();
  const [option] = process.argv.slice(2);
  if (option !== undefined && option !== CHECK) throw new SetupError(`The only option is ${CHECK}`);
  await prepare();
  const stale = FILES.filter(({ path, make }) => {
    const text = make();
    if (readText(path) === text) return false;
    if (option !== CHECK) writeFileSync(inRoot(path), text);
    return true;
  });
  for (const { path } of stale) process.stdout.write(`  ${path} ${option === CHECK ? 'is out of date' : 'written'}\n`);
  if (option === CHECK && stale.length > 0) throw new SetupError('Run `npm run contracts`, and look at the difference');
});

function runNode(...args) {
  return execFileSync(process.execPath, args, { cwd: inRoot(), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
