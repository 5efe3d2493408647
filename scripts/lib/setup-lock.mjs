import { appendFileSync, closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from './workspace.mjs';

const LOCK = inRoot('.setup.lock');
const BREAKER = inRoot('.setup.lock.stale');
const BEAT_MS = 1_000;
const STALE_MS = 120_000;

/**
 * Installs and builds by one process at a time: two starts at once in one clone must not write the
 * same files. The lock is a file that names its holders, on which computer, and that is kept young:
 * it is void when all of them have ended, or when nobody has touched it for two minutes.
 */
export async function withSetupLock(work) {
  await acquire();
  const beat = setInterval(() => touch(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(LOCK, { force: true });
  }
}

/** Keeps the lock for a child as well: when this process is killed, the child goes on writing. */
export function keepLockFor(pid) {
  appendFileSync(LOCK, ` ${pid}`);
}

async function acquire() {
  let told = false;
  while (!create(LOCK)) {
    if (!told) process.stdout.write('  Waiting for another process that sets this clone up ...\n');
    told = true;
    if (isStale(LOCK)) removeStale();
    await sleep(100);
  }
}

function create(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, `${hostname()} ${process.pid}`);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function touch() {
  try {
    utimesSync(LOCK, new Date(), new Date());
  } catch {
    // NOTE: the lock was taken for stale and removed; the work cannot be undone any more.
  }
}

function isStale(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return true;
    const [host, ...holders] = readFileSync(path, 'utf8').split(' ');
    return host === hostname() && holders.every((pid) => !isAlive(Number(pid)));
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes a stale lock, by one waiter at a time: a second one would remove the first one's new lock. */
function removeStale() {
  if (!create(BREAKER)) {
    if (isStale(BREAKER)) rmSync(BREAKER, { force: true });
    return;
  }
  if (isStale(LOCK)) rmSync(LOCK, { force: true });
  rmSync(BREAKER, { force: true });
}
