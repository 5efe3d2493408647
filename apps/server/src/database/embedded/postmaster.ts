import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { postgresEnvironment } from './cluster.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresUser } from './unprivileged-user.js';

const POLL_MS = 10;
/** A start after a crash replays what was written since the last checkpoint. */
const READY_WITHIN_MS = 120_000;
const UNUSUAL_MS = 3_000;
const LOG_FILE_BYTES_MAX = 5_000_000;

type ShutdownSignal = 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

/** With a last checkpoint; and if that takes too long, without: the next start replays the log. */
const SHUTDOWN: readonly { signal: ShutdownSignal; milliseconds: number }[] = [
  { signal: 'SIGINT', milliseconds: 6_000 },
  { signal: 'SIGQUIT', milliseconds: 2_000 },
];

/** Which line of `postmaster.pid` says what. */
const PID_LINE = 0;
const STATUS_LINE = 7;

export interface PostmasterOptions {
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string | number>>;
}

/**
 * One run of PostgreSQL: spawned by the constructor, ready some time later, and stopped in order.
 *
 * It writes its log to a file and has a session of its own, so that neither Ctrl-C in the terminal
 * nor the death of this process stops it halfway.
 */
export class Postmaster {
  /** Resolves when the process is gone, whatever the reason. */
  readonly exited: Promise<void>;
  private readonly logger = new Logger('PostgreSQL');
  private readonly child: ChildProcess;
  private readonly logStart: number;
  private running = true;
  // For an exit without `stop()`: PostgreSQL then ends by itself and needs no repair at the next start.
  private readonly stopAtExit = (): void => this.kill('SIGINT');

  constructor(
    private readonly options: PostmasterOptions,
    private readonly binaries: PostgresBinaries,
    user: PostgresUser,
  ) {
    const { directory, logFile, port, settings } = options;
    const log = openLog(logFile);
    const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { file, args, options: identity } = user.command(binaries.postgres, [...flags, '-D', directory]);
    this.child = spawn(file, args, {
      ...identity,
      cwd: directory,
      env: postgresEnvironment(),
      stdio: ['ignore', log.descriptor, log.descriptor],
      detached: true,
      windowsHide: true,
    });
    this.child.unref();
    closeSync(log.descriptor);
    this.logStart = log.length;
    this.exited = this.watch();
  }

  /**
   * Resolves when PostgreSQL takes connections.
   * @throws Error with what its log says when it does not come up.
   */
  async ready(): Promise<void> {
    const start = performance.now();
    let patient = false;
    while (this.running && performance.now() - start < READY_WITHIN_MS) {
      const lines = readPidFile(this.options.directory);
      if (pidIn(lines) === this.child.pid && lines[STATUS_LINE]?.trim() === 'ready') return;
      if (!patient && performance.now() - start > UNUSUAL_MS) {
        patient = true;
        this.logger.log(
          'Replaying what was written since the last checkpoint, as after a crash: this may take a while',
        );
      }
      await delay(POLL_MS);
    }
    await this.stop();
    const { directory, logFile } = this.options;
    const said = readFileSync(logFile).subarray(this.logStart).toString('utf8').trim();
    if (said.includes('lock file "postmaster.pid" already exists')) disownPidFile(directory);
    throw new Error(`PostgreSQL did not start. ${logFile} says:\n${said}`);
  }

  /** Ends all connections and stops; in the end the hard way, which the next start repairs. */
  async stop(): Promise<void> {
    for (const { signal, milliseconds } of SHUTDOWN) {
      this.kill(signal);
      if (await this.exitedWithin(milliseconds)) return;
    }
    this.kill('SIGKILL');
    await this.exited;
  }

  private kill(signal: ShutdownSignal): void {
    if (this.running && this.child.pid !== undefined) signalPostmaster(this.child.pid, signal, this.binaries);
  }

  private watch(): Promise<void> {
    process.once('exit', this.stopAtExit);
    return new Promise((resolve) => {
      const end = (): void => {
        this.running = false;
        process.removeListener('exit', this.stopAtExit);
        resolve();
      };
      this.child.once('exit', end).once('error', end);
    });
  }

  private async exitedWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController();
    const late = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
    const exited = await Promise.race([this.exited.then(() => true), late]);
    timer.abort();
    return exited;
  }
}

/**
 * Stops the PostgreSQL that a killed server left behind, so that there is one at a time and it runs
 * with today's settings.
 */
export async function stopOrphan(directory: string, binaries: PostgresBinaries): Promise<void> {
  const pid = pidIn(readPidFile(directory));
  if (pid === null) return;
  if (process.platform === 'win32') spawnSync(binaries.pgCtl, ['stop', '-m', 'fast', '-D', directory]);
  else if (serves(pid, directory)) await stopForeign(pid, directory, binaries);
}

/**
 * After PostgreSQL refused to start because the pid in `postmaster.pid` is alive: when that is some
 * other process, which came by an old pid, the pid of this process is put in its place. PostgreSQL
 * knows that its own parent is no postmaster, and goes on to what it can be sure of, the shared
 * memory of the old one.
 */
function disownPidFile(directory: string): void {
  const lines = readPidFile(directory);
  const pid = pidIn(lines);
  if (pid === null || process.platform === 'win32' || serves(pid, directory)) return;
  lines[PID_LINE] = String(process.pid);
  writeFileSync(pidFile(directory), lines.join('\n'));
}

async function stopForeign(pid: number, directory: string, binaries: PostgresBinaries): Promise<void> {
  for (const { signal, milliseconds } of SHUTDOWN) {
    signalPostmaster(pid, signal, binaries);
    const deadline = performance.now() + milliseconds;
    while (performance.now() < deadline) {
      if (!serves(pid, directory)) return;
      await delay(POLL_MS);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) still runs on ${directory} and does not stop`);
}

/** Whether `pid` is a postmaster on `directory`, also on one whose former name it was started with. */
function serves(pid: number, directory: string): boolean {
  const [program = '', ...args] = commandLine(pid);
  if (basename(program) !== 'postgres') return false;
  const its = args[args.indexOf('-D') + 1] ?? '';
  return its === directory || !existsSync(its);
}

function commandLine(pid: number): string[] {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      return [];
    }
  }
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  // NOTE: the folder, which may contain spaces, comes last on the command line.
  const [program = '', folder = ''] = stdout.trim().split(' -D ');
  return [program.replace(/ -c .*/, ''), '-D', folder];
}

function signalPostmaster(pid: number, signal: ShutdownSignal, binaries: PostgresBinaries): void {
  if (process.platform === 'win32') {
    spawnSync(binaries.pgCtl, ['kill', signal.replace('SIG', ''), String(pid)]);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    // NOTE: gone already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function pidIn(lines: readonly string[]): number | null {
  const pid = Number.parseInt(lines[PID_LINE] ?? '', 10);
  return pid > 0 ? pid : null;
}

function readPidFile(directory: string): string[] {
  try {
    return readFileSync(pidFile(directory), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function pidFile(directory: string): string {
  return join(directory, 'postmaster.pid');
}

/** Opens the log for appending; a long one is put aside first, in place of the one before. */
function openLog(file: string): { descriptor: number; length: number } {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_FILE_BYTES_MAX) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, length: statSync(file).size };
}
