import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from './support/start-app.js';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const README_ADDRESS = 'http://127.0.0.1:3000';

/** The blocks of the README in a language, as they would be pasted, but for the address. */
function blocks(language: string, { url }: RunningApp): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const found = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))];
  return found.map(([, text = '']) => text.replaceAll(README_ADDRESS, url));
}

describe('an example of the README', () => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  /** In the folder of the clone, as the README says. */
  async function runScript(text: string): Promise<string> {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', text], { cwd: root });
    return stdout;
  }

  it('talks over REST with curl', async () => {
    const example = blocks('sh', app).find((text) => text.includes('curl')) ?? '';
    const { stdout } = await run('bash', ['-c', example], { cwd: root });
    expect(stdout.match(/"seq":1/g)).toHaveLength(3);
    expect(stdout).toContain('"duplicate":true');
  });

  it('talks over Socket.IO with a plain client', async () => {
    const example = blocks('js', app).find((text) => text.includes('socket.io-client')) ?? '';
    expect((await runScript(example)).split('\n').sort()).toEqual(['', 'Ada is told true 1', 'Ben reads Hello, Ben!']);
  });

  it('talks with the typed client', async () => {
    const example = blocks('js', app).find((text) => text.includes('@parley/client')) ?? '';
    // Whether he sees the message before it is edited depends on the machine; what he sees in the end does not.
    expect((await runScript(example)).trim().split('\n').at(-1)).toBe('Ben sees Hello, dear Ben!');
  });
});
