import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartupError } from '../../common/startup-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { uid?: number; gid?: number };
}

/** As whom PostgreSQL runs, and how one of its programs is started as that user. */
export interface PostgresUser {
  /** Whom its files must belong to; null when that is the user of this process anyway. */
  readonly owner: Owner | null;
  command(program: string, args: readonly string[]): Command;
}

const READ = 0o4;
const SEARCH = 0o1;

/**
 * Chooses the user that PostgreSQL runs as. PostgreSQL refuses root, so root starts it as another
 * user: the owner of the cluster if there is one, else `postgres`, else `nobody`.
 *
 * That user often cannot get to the binaries or the data folder, because a folder above them is
 * root's alone (a clone below `/root`). Then PostgreSQL keeps one right of root, to pass and read
 * files, and nothing else: `setpriv` hands it `CAP_DAC_OVERRIDE` as an ambient capability.
 * @throws StartupError that says what to do when neither way is open.
 */
export function choosePostgresUser(cluster: string, binaries: PostgresBinaries): PostgresUser {
  if (process.getuid?.() !== 0) {
    requireOwnCluster(cluster);
    return { owner: null, command: (program, args) => ({ file: program, args, options: {} }) };
  }
  const owner = ownerOf(cluster) ?? lookUp('postgres') ?? lookUp('nobody');
  if (owner === null) {
    throw new StartupError(
      'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody". Start Parley as an ordinary user.',
    );
  }
  if (mayUse(owner, binaries) && mayPass(owner, dirname(cluster))) {
    return { owner, command: (program, args) => ({ file: program, args, options: owner }) };
  }
  requireSetpriv(owner, cluster, binaries);
  return {
    owner,
    command: (program, args) => ({ file: 'setpriv', args: [...setprivArgs(owner), program, ...args], options: {} }),
  };
}

function requireOwnCluster(cluster: string): void {
  try {
    accessSync(cluster, constants.R_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new StartupError(
      `${cluster} belongs to another user. Start Parley as that user or as root, or choose another folder with PARLEY_DATA_DIR.`,
    );
  }
}

function ownerOf(cluster: string): Owner | null {
  const stat = statSync(cluster, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? null : { uid: stat.uid, gid: stat.gid };
}

function lookUp(user: string): Owner | null {
  const ask = (what: string) => Number.parseInt(spawnSync('id', [what, user], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [ask('-u'), ask('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}

/** Whether the installation can be read: with a strict umask it belongs to root alone, all through. */
function mayUse(owner: Owner, binaries: PostgresBinaries): boolean {
  const files = [binaries.postgres, binaries.initdb, join(binaries.folder, 'share', 'postgresql', 'postgres.bki')];
  return files.every((file) => allows(file, owner, READ) && mayPass(owner, dirname(file)));
}

function mayPass(owner: Owner, folder: string): boolean {
  if (!allows(folder, owner, SEARCH)) return false;
  return dirname(folder) === folder || mayPass(owner, dirname(folder));
}

function allows(path: string, owner: Owner, right: number): boolean {
  const { uid, gid, mode } = statSync(path);
  if (uid === owner.uid) return (mode & (right << 6)) !== 0;
  if (gid === owner.gid) return (mode & (right << 3)) !== 0;
  return (mode & right) !== 0;
}

/**
 * NOTE: `no_setuid_fixup` keeps the capability effective in access(2), which PostgreSQL calls on its
 * own binaries.
 */
function setprivArgs({ uid, gid }: Owner): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
}

function requireSetpriv(owner: Owner, cluster: string, binaries: PostgresBinaries): void {
  const { status, stderr, error } = spawnSync('setpriv', [...setprivArgs(owner), binaries.postgres, '--version'], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new StartupError(
    `PostgreSQL does not run as root, and user ${owner.uid} cannot reach ${binaries.folder} or ${dirname(cluster)} ` +
      `(setpriv: ${error?.message ?? stderr.trim()}). Start Parley as an ordinary user, move it to a folder that ` +
      'others may enter, or set DATABASE_URL to an external PostgreSQL.',
  );
}
