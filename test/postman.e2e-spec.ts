import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from './support/start-app.js';

const run = promisify(execFile);
const postman = resolve(dirname(fileURLToPath(import.meta.url)), '../docs/postman');
const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');

describe('the Postman collection', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ env: { PARLEY_RATE_LIMITS: 'on' } });
  });

  afterAll(() => server.close());

  /** From the top to the end, as a person would; returns what Newman says in the end. */
  async function runThrough(): Promise<string> {
    const files = ['parley.postman_collection.json', 'local.postman_environment.json'].map((file) =>
      join(postman, file),
    );
    const [collection = '', environment = ''] = files;
    const options = ['--environment', environment, '--env-var', `baseUrl=${server.url}`, '--color', 'off'];
    try {
      return (await run(process.execPath, [newman, 'run', collection, ...options])).stdout;
    } catch (error) {
      // What Newman prints names the request and what was expected of it.
      throw new Error((error as { stdout?: string }).stdout ?? String(error), { cause: error });
    }
  }

  it('runs through, and all of its tests pass', async () => {
    const report = await runThrough();
    expect(report).toMatch(/requests\s*│\s*(\d\d+)\s*│\s*0/);
    expect(report).toMatch(/assertions\s*│\s*\d\d\d\s*│\s*0/);
  });
});
