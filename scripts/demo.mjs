import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runNode } from './lib/child.mjs';
import { prepare } from './lib/prepare.mjs';
import { inRoot, main, requireNode, ROOT, SetupError } from './lib/workspace.mjs';

const HOST = '127.0.0.1';
const USUAL_PORT = 3000;
const READY_WITHIN_MS = 60_000;
const TYPESCRIPT = ['--import', 'tsx', '--conditions=@parley/source'];

/**
 * `npm run demo`: a server with a database of its own in a temporary folder, and a team that lives in it. Both are
 * gone when it is stopped. What follows `--` goes to the story: `--pace 0.5` tells it twice as fast.
 */
await main(async () => {
  requireNode();
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'parley-demo-'));
  // Started by root, PostgreSQL runs as somebody else, who must get there.
  chmodSync(folder, 0o755);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopped.abort());
  try {
    await play(folder, stopped.signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function play(folder, signal) {
  process.stdout.write('\n  Parley demo: starting a server with a temporary database ...\n');
  const port = await choosePort();
  const log = join(folder, 'server.log');
  const server = startServer(folder, port, log);
  const ended = once(server, 'exit');
  try {
    const url = `http://${HOST}:${port}`;
    await waitUntilReady(url, server, log, signal);
    if (signal.aborted) return;
    process.exitCode = await runNode([...TYPESCRIPT, 'tools/demo/main.ts', '--url', url, ...process.argv.slice(2)]);
  } finally {
    if (server.exitCode === null) server.kill('SIGTERM');
    await ended;
    process.stdout.write('\n  The server has stopped, and its database is gone.\n');
  }
}

/** With settings of its own: those of the person's server, which may be in the environment, are not for this one. */
function startServer(folder, port, log) {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith('PARLEY_') && !['DATABASE_URL', 'REDIS_URL', 'HOST', 'PORT', 'NODE_ENV'].includes(name),
  );
  const file = openSync(log, 'w');
  return spawn(process.execPath, [inRoot('apps/server/dist/main.js')], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), HOST, PORT: String(port), PARLEY_DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', file, file],
    // A terminal's Ctrl-C reaches a whole group; a second signal would end it without draining.
    detached: true,
  });
}

async function waitUntilReady(url, server, log, signal) {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (signal.aborted) return;
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (server.exitCode !== null || performance.now() > deadline) {
      throw new SetupError(`The server did not start:\n${readFileSync(log, 'utf8')}`);
    }
    await sleep(100);
  }
}

/** That of the environment or the usual one, where a person looks first, unless something is there. */
async function choosePort() {
  return (await tryPort(Number(process.env['PORT'] || USUAL_PORT))) ?? (await tryPort(0));
}

async function tryPort(port) {
  const probe = createServer();
  try {
    await new Promise((resolve, reject) => probe.once('error', reject).listen(port, HOST, resolve));
    return probe.address().port;
  } catch {
    return null;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
