import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../common/make-folder.js';
import { StartupError } from '../../common/startup-error.js';

/** Thrown when another server already uses the data folder. */
export class DataFolderInUseError extends StartupError {}

/** libuv's flag to open a file that nobody else has open; on macOS it is the system's `O_EXLOCK`. */
const WINDOWS_EXCLUSIVE = 0x10000000;
const MACOS_EXCLUSIVE = 0x20;

/** What `flock --nonblock` exits with when somebody else holds the lock. */
const HELD = 1;

/**
 * The right to be the one server of a data folder.
 *
 * Guarantee: the kernel keeps the lock on the open file `server.lock` and gives it up with the
 * process, however that dies, so there is no stale lock, no pid to misjudge, and two servers that
 * start at the same moment end as one. It also holds between containers that share the folder.
 * Accepted: machines that share the folder over a network file system without locks. Covered by
 * `data-folder-lock.int-spec.ts`.
 */
export class DataFolderLock {
  private constructor(private readonly descriptor: number) {}

  /** @throws DataFolderInUseError that names the folder; StartupError when it cannot be used at all. */
  static acquire(dataDir: string): DataFolderLock {
    const path = join(dataDir, 'server.lock');
    try {
      makeFolder(dataDir);
      const descriptor = process.platform === 'linux' ? openWithFlock(path, dataDir) : openExclusively(path, dataDir);
      ftruncateSync(descriptor);
      writeSync(descriptor, `${process.pid}\n`, 0);
      return new DataFolderLock(descriptor);
    } catch (error) {
      if (error instanceof StartupError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartupError(`Cannot use the data folder ${dataDir}: ${reason}. Choose another with PARLEY_DATA_DIR.`);
    }
  }

  release(): void {
    closeSync(this.descriptor);
  }
}

/**
 * Node cannot lock a file, but the program `flock` locks the open file that it is handed, and such a
 * lock belongs to everybody who has the file open: it stays with this process when `flock` is gone.
 * Node opens files close-on-exec, so no child keeps the lock alive.
 */
function openWithFlock(path: string, dataDir: string): number {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const { status, stderr, error } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
  });
  if (status === 0) return descriptor;
  closeSync(descriptor);
  if (status === HELD) throw inUse(path, dataDir);
  throw new StartupError(`Cannot lock ${path} with the command flock (util-linux): ${error?.message ?? stderr.trim()}`);
}

function openExclusively(path: string, dataDir: string): number {
  const exclusive = process.platform === 'win32' ? WINDOWS_EXCLUSIVE : MACOS_EXCLUSIVE | constants.O_NONBLOCK;
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | exclusive, 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EAGAIN', 'EWOULDBLOCK', 'EBUSY'].includes(code)) throw inUse(path, dataDir);
    throw error;
  }
}

function inUse(path: string, dataDir: string): DataFolderInUseError {
  return new DataFolderInUseError(
    `Another Parley server${holder(path)} is using the data folder ${dataDir}. ` +
      'Stop it, or choose another folder with PARLEY_DATA_DIR.',
  );
}

/** Names the process for people; nothing is decided by it. */
function holder(path: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(path, 'utf8'), 10)})`;
  } catch {
    return '';
  }
}
