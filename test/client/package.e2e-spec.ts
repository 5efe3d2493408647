import { execFile } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createContext, Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { WebSocket } from 'ws';
import { startApp, type RunningApp } from '../support/start-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIZE_MAX = 15 * 1024;
const MINUTES = 60_000;

describe('the package of the client', () => {
  let app: RunningApp;
  let folder: string;
  let remove: () => void;

  /** The README's example, for the server of this test. */
  function example(): string {
    const readme = readFileSync(join(ROOT, 'libs/client/README.md'), 'utf8');
    const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
    return code.replace('http://127.0.0.1:3000', app.url);
  }

  beforeAll(async () => {
    app = await startApp();
    ({ path: folder, remove } = temporaryFolder());
    await execute('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(ROOT, 'libs/client') });
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await execute('npm', [...install, './parley-client-0.1.0.tgz'], { cwd: folder });
  }, 3 * MINUTES);

  afterAll(async () => {
    await app.close();
    remove();
  });

  it('depends on socket.io-client and nothing else', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/@parley/client/package.json'), 'utf8')) as {
      dependencies: object;
    };
    expect(Object.keys(manifest.dependencies)).toEqual(['socket.io-client']);
  });

  it('runs the example of its README in an empty folder, which has ten lines', async () => {
    const code = example();
    expect(code.trim().split('\n')).toHaveLength(10);
    writeFileSync(join(folder, 'hello.mjs'), code);
    const { stdout, stderr } = await execute(process.execPath, ['hello.mjs'], { cwd: folder, env: {} });
    expect(stderr).toBe('');
    expect(stdout).toContain('pending Hello, Parley!');
    expect(stdout).toContain('sent Hello, Parley!');
  });

  it('is typed without anything else installed', async () => {
    writeFileSync(join(folder, 'hello.ts'), `${example()}\nexport const state: 'online' = client.me.getSnapshot();\n`);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'NodeNext',
      '--target',
      'ES2022',
      '--lib',
      'ES2022,DOM',
      'hello.ts',
    ];
    const failure = await execute(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options], {
      cwd: folder,
    }).catch((error: unknown) => error as { stdout: string });
    // The one mistake that was put in is the only one that is found.
    expect(
      failure.stdout
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('hello.ts')),
    ).toHaveLength(1);
    expect(failure.stdout).toContain("Type 'ProfileView | null' is not assignable to type '\"online\"'");
  });

  it('talks from a bundle with nothing but what a browser has', async () => {
    const code = `import { ParleyClient } from '@parley/client';
      globalThis.talk = async (url) => {
        const client = new ParleyClient({ url });
        await client.register({ username: 'ben-' + crypto.randomUUID().slice(0, 8), password: 'correct horse' });
        const tea = await client.conversations.createGroup({ title: 'Tea', memberIds: [] });
        const { seq } = await tea.send('Hello from a bundle').sent;
        client.close();
        return seq;
      };`;
    const bundle = await bundled(code, { platform: 'browser' });
    const web = { URL, URLSearchParams, fetch, AbortSignal, setTimeout, clearTimeout, setInterval, clearInterval };
    const sandbox: Record<string, unknown> = { ...web, console, queueMicrotask, TextEncoder, TextDecoder, WebSocket };
    Object.assign(sandbox, { crypto: webcrypto, Blob, location: new URL(app.url), Event, EventTarget });
    sandbox['globalThis'] = sandbox['self'] = sandbox['window'] = sandbox;
    new Script(bundle).runInContext(createContext(sandbox));
    const talk = sandbox['talk'] as (url: string) => Promise<number>;
    expect(await talk(app.url)).toBe(2);
  });

  it('is under 15 KB minified and gzipped, without socket.io-client', async () => {
    const bundle = await bundled(`export * from '@parley/client';`, { format: 'esm', external: ['socket.io-client'] });
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(SIZE_MAX);
  });

  async function bundled(contents: string, options: BuildOptions): Promise<string> {
    const stdin = { contents, resolveDir: folder };
    const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, ...options });
    return outputFiles?.[0]?.text ?? '';
  }
});
