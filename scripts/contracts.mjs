import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, readText, requireNode, SetupError } from './lib/workspace.mjs';

const CHECK = '--check';
const SETTINGS_BEGIN = '<!-- settings: begin. Made by `npm run contracts`; do not edit by hand. -->';
const SETTINGS_END = '<!-- settings: end -->';
const TYPESCRIPT = ['--import', 'tsx', '--conditions=@parley/source'];

/**
 * `npm run contracts`: writes what is generated from the code into `docs/`. With `-- --check` it writes
 * nothing, and fails when a file is not what the code makes.
 */
await main(async () => {
  requireNode();
  const [option] = process.argv.slice(2);
  if (option !== undefined && option !== CHECK) throw new SetupError(`The only option is ${CHECK}`);
  await prepare();
  const stale = Object.entries(generate()).filter(([path, text]) => readText(path) !== text);
  for (const [path, text] of stale) {
    if (option !== CHECK) write(path, text);
    process.stdout.write(`  ${path} ${option === CHECK ? 'is out of date' : 'written'}\n`);
  }
  if (option === CHECK && stale.length > 0) throw new SetupError('Run `npm run contracts`, and look at the difference');
});

/** The text of each generated file. */
function generate() {
  const openapi = runNode(['apps/server/dist/describe-api.js']);
  return {
    'docs/operations.md': withSettings(readText('docs/operations.md')),
    'docs/openapi.json': openapi,
    ...JSON.parse(runNode([...TYPESCRIPT, 'tools/postman/main.ts'], openapi)),
    ...JSON.parse(runNode([...TYPESCRIPT, 'tools/asyncapi/main.ts'])),
  };
}

/** The page as it is, with the table of settings between its two marks. */
function withSettings(page) {
  const [before, after] = [page.indexOf(SETTINGS_BEGIN), page.indexOf(SETTINGS_END)];
  if (before < 0 || after < before) throw new SetupError('docs/operations.md has no place for the settings');
  const table = runNode(['apps/server/dist/describe-settings.js']);
  return `${page.slice(0, before + SETTINGS_BEGIN.length)}\n\n${table}\n\n${page.slice(after)}`;
}

function runNode(args, input) {
  return execFileSync(process.execPath, args, { cwd: inRoot(), encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 });
}

function write(path, text) {
  mkdirSync(dirname(inRoot(path)), { recursive: true });
  writeFileSync(inRoot(path), text);
}
