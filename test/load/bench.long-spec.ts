import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Results } from './report/results.js';

const WITHIN_MS = 240_000;

/** Whether it works. How fast anything is can't be asked here: other tests run beside it. */
describe('the benchmark', () => {
  const folder = temporaryFolder();
  let results: Results;

  const run = (...args: string[]) => new ChildProgram(['scripts/run-ts.mjs', 'test/load/main.ts', ...args]);
  const written = (): string => join(folder.path, readdirSync(folder.path)[0] ?? '');

  beforeAll(async () => {
    const program = run('--short', '--workloads', 'w1,w2', '--out', folder.path);
    const { code } = await program.exited;
    if (code !== 0) throw new Error(program.output);
    results = JSON.parse(readFileSync(written(), 'utf8')) as Results;
  }, WITHIN_MS);

  afterAll(() => folder.remove());

  it('finds everything delivered and stored that was owed', () => {
    expect(results.failures).toEqual([]);
  });

  it('measures Parley beside Socket.IO and PostgreSQL alone', () => {
    expect(new Set(results.measurements.map(({ workload, system }) => `${workload} ${system}`))).toEqual(
      new Set(['w1 parley', 'w1 bare Socket.IO', 'w1 bare PostgreSQL', 'w2 parley', 'w2 bare Socket.IO']),
    );
    for (const { system, values } of results.measurements) {
      if (system === 'bare PostgreSQL') expect(values['rowsPerSecond']).toBeGreaterThan(0);
      else expect([values['ackedPerSecond'], values['deliveriesPerSecond']].every((count) => count! > 0)).toBe(true);
    }
  });

  it('judges what is asked of these workloads', () => {
    expect(results.verdicts.map(({ workload }) => workload)).toEqual([
      ...Array.from({ length: 4 }, () => 'w1'),
      ...Array.from({ length: 6 }, () => 'w2'),
    ]);
    for (const { median, verdict } of results.verdicts) {
      expect(median).toBeGreaterThan(0);
      expect(['goal', 'must', 'missed']).toContain(verdict);
    }
  });

  it('says on what and of what it measured, and shows it again as Markdown', async () => {
    expect(results).toMatchObject({
      short: true,
      machine: { cores: expect.any(Number) },
      versions: { node: process.versions.node, postgres: expect.stringMatching(/^\d+\.\d+/) },
      method: { rounds: 1, pinning: expect.any(String) },
    });
    const program = run('--markdown', written());
    await program.exited;
    expect(program.output).toMatch(/^\| groups of 1,000, saturated \| parley \|/m);
  });
});
