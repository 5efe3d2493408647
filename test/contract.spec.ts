import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS, ERROR_CODES, FACTS } from '@parley/contracts';
import { ERROR_TABLE } from '../apps/server/src/common/error-table.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function files(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => join(root, folder, name));
}

const read = (path: string): string => readFileSync(path, 'utf8');

describe('the contract', () => {
  const tests = [...files('test', 'spec.ts'), ...files('apps', 'spec.ts')]
    .filter((path) => !path.endsWith('contract.spec.ts'))
    .map(read)
    .join('\n');

  it.each(ERROR_CODES)('has a test that expects %s', (code) => {
    expect(tests).toContain(`'${code}'`);
  });

  it.each(FACTS)('has a test that hears %s', (fact) => {
    expect(tests).toContain(`'${fact}'`);
  });

  it.each(COMMANDS)('has a test that sends %s', (command) => {
    expect(tests).toContain(`'${command}'`);
  });
});

describe('the documents', () => {
  const protocol = read(join(root, 'docs/protocol.md'));

  it('list every error code as the table in the code has it', () => {
    const rows = [...protocol.matchAll(/^\| `(\w+)`\s*\| (\d{3})\s*\| (yes|no)\s*\|/gm)];
    const documented = Object.fromEntries(rows.map(([, code, status, retry]) => [code, `${status} ${retry}`]));
    const coded = Object.fromEntries(
      ERROR_CODES.map((code) => [code, `${ERROR_TABLE[code].status} ${ERROR_TABLE[code].retryable ? 'yes' : 'no'}`]),
    );
    expect(documented).toEqual(coded);
  });

  it.each([...COMMANDS, ...FACTS])('describe %s', (name) => {
    expect(protocol).toContain(`\`${name}\``);
  });
});
