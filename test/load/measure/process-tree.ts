import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { groupBy } from '../../support/group-by.js';

/** What Linux says of one process (`proc_pid_stat(5)`). */
interface ProcessStat {
  pid: number;
  parent: number;
  /** Of the process and of its children that have ended. */
  ticks: number;
  residentPages: number;
}

/** What of a line of `/proc/PID/stat` is read, counted from behind the program's name. */
const FIELD = { parent: 1, userTime: 11, systemTime: 12, childrenUserTime: 13, childrenSystemTime: 14, resident: 21 };

/** CPU time and memory of a process and all its descendants. */
export interface ProcessTreeUsage {
  cpuSeconds: number;
  residentBytes: number;
}

/**
 * Measures a server together with its PostgreSQL, whose processes are its descendants. Null where there is
 * no `/proc`.
 */
export function measureProcessTree(root: number): ProcessTreeUsage | null {
  const processes = readProcesses();
  if (processes === null) return null;
  const children = groupBy(processes, ({ parent }) => parent);
  let ticks = 0;
  let residentPages = 0;
  const waiting = processes.filter(({ pid }) => pid === root);
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    ticks += one.ticks;
    residentPages += one.residentPages;
    waiting.push(...(children.get(one.pid) ?? []));
  }
  return { cpuSeconds: ticks / ticksPerSecond(), residentBytes: residentPages * pageBytes() };
}

/** CPU time of this process, in seconds. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function readProcesses(): ProcessStat[] | null {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  return names.flatMap((name) => parseStat(Number(name), readStat(name)) ?? []);
}

function readStat(name: string): string {
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    // NOTE: it has ended since the folder was read.
    return '';
  }
}

/** The name of the program, in parentheses, may hold anything, so the fields are counted from behind it. */
export function parseStat(pid: number, line: string): ProcessStat | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const read = (field: number): number => Number(fields[field]);
  if (fields.length <= FIELD.resident) return null;
  return {
    pid,
    parent: read(FIELD.parent),
    ticks:
      read(FIELD.userTime) + read(FIELD.systemTime) + read(FIELD.childrenUserTime) + read(FIELD.childrenSystemTime),
    residentPages: read(FIELD.resident),
  };
}

const known = new Map<string, number>();

function ticksPerSecond(): number {
  return systemSetting('CLK_TCK', 100);
}

function pageBytes(): number {
  return systemSetting('PAGESIZE', 4_096);
}

function systemSetting(name: string, usual: number): number {
  const value = known.get(name) ?? (Number(spawnSync('getconf', [name], { encoding: 'utf8' }).stdout) || usual);
  known.set(name, value);
  return value;
}
