import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main, ROOT, SetupError } from './lib/workspace.mjs';

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 10_000;

/** Starts Parley as a person would, twice on one data folder, asks for its pages and stops it. */
await main(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-start-'));
  try {
    await startAndStop(dataDir);
    await startAndStop(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function startAndStop(dataDir) {
  const begun = performance.now();
  const environment = {
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    PARLEY_DATA_DIR: dataDir,
    NODE_ENV: 'development',
  };
  const server = spawn('npm', ['start'], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  try {
    const page = await addressIn(server.stdout);
    process.stdout.write(`ready after ${Math.round(performance.now() - begun)} ms at ${page}\n`);
    for (const path of ['', 'docs', 'docs-json', 'health', 'health/live', 'health/ready']) {
      const { status } = await fetch(page + path);
      if (status !== 200) throw new SetupError(`/${path} answered ${status}`);
    }
  } finally {
    server.kill('SIGTERM');
  }
  const [code, signal] = await Promise.race([ended, sleep(STOPPED_WITHIN_MS, ['not in time'], { ref: false })]);
  if (code !== 0) throw new SetupError(`npm start ended with ${code ?? signal} instead of 0`);
}

/** The address of the web page, from what a person reads once the server is ready. */
async function addressIn(output) {
  let text = '';
  const found = (async () => {
    for await (const chunk of output.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      text += chunk;
      const [, address] = /Web page +(http\S+)[^]*Ctrl-C/.exec(text) ?? [];
      if (address !== undefined) return address;
    }
    return null;
  })();
  const address = await Promise.race([found, sleep(READY_WITHIN_MS, null, { ref: false })]);
  output.resume();
  if (address === null) throw new SetupError(`The server did not get ready. It said:\n${text}`);
  return address;
}
