import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, lchown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../common/startup-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresUser } from './unprivileged-user.js';

/** The files of one PostgreSQL, and the password of its only role. */
export interface Cluster {
  readonly directory: string;
  readonly password: string;
}

/** The role, a superuser, that owns everything in the cluster. */
export const ROLE = 'parley';

const MAJOR_VERSION = '18';
const PASSWORD_FILE = 'parley-password';
const UNFINISHED = 'postgres.new-';

/** What PostgreSQL's programs get to see of the environment: no secrets, no `PG…` of somebody else's. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Opens the cluster in `<dataDir>/postgres`, and makes it at the first start.
 *
 * It is made under another name, with its password inside, and renamed when complete: a crash in the
 * middle leaves rubbish that the next start removes, never half a cluster.
 */
export async function openCluster(dataDir: string, binaries: PostgresBinaries, user: PostgresUser): Promise<Cluster> {
  const directory = join(dataDir, 'postgres');
  await removeUnfinished(dataDir);
  if (!(await exists(directory))) await createCluster(dataDir, directory, binaries, user);
  await requireVersion(directory);
  await giveTo(user, directory);
  return { directory, password: await readPassword(directory) };
}

export async function readPassword(directory: string): Promise<string> {
  return (await readFile(join(directory, PASSWORD_FILE), 'utf8')).trim();
}

async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    // NOTE: initdb may outlive the server that was killed, and still be writing.
    if (name.startsWith(UNFINISHED)) await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 20 });
  }
}

async function createCluster(
  dataDir: string,
  directory: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
): Promise<void> {
  const unfinished = join(dataDir, UNFINISHED + randomBytes(6).toString('hex'));
  const passwordFile = `${unfinished}.password`;
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (user.owner !== null) {
    await chown(unfinished, user.owner.uid, user.owner.gid);
    await chown(passwordFile, user.owner.uid, user.owner.gid);
  }
  await runInitdb(unfinished, passwordFile, binaries, user);
  await rename(passwordFile, join(unfinished, PASSWORD_FILE));
  await syncFolder(unfinished);
  await rename(unfinished, directory);
  await syncFolder(dataDir);
}

/** The locale comes with PostgreSQL, so that order and case do not depend on the machine. */
async function runInitdb(
  directory: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
): Promise<void> {
  const { file, args, options } = user.command(binaries.initdb, [
    `--username=${ROLE}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '-D',
    directory,
  ]);
  const child = spawn(file, args, {
    ...options,
    cwd: directory,
    env: postgresEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Error(`initdb failed: ${Buffer.concat(complaints).toString('utf8').trim()}`);
}

async function requireVersion(directory: string): Promise<void> {
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  if (version === MAJOR_VERSION) return;
  throw new StartupError(
    `${directory} was made by PostgreSQL ${version}, this Parley brings ${MAJOR_VERSION}. ` +
      'Dump it with the Parley that made it and restore it into an empty data folder.',
  );
}

/** A cluster that was copied or restored by root belongs to root, and PostgreSQL would refuse it. */
async function giveTo(user: PostgresUser, directory: string): Promise<void> {
  const { owner } = user;
  if (owner === null || (await stat(directory)).uid === owner.uid) return;
  for (const name of await readdir(directory, { recursive: true }))
    await lchown(join(directory, name), owner.uid, owner.gid);
  await chmod(directory, 0o700);
  await chown(directory, owner.uid, owner.gid);
}

/** Makes what was created and renamed in a folder outlast a power failure. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
