import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from '../checker/evidence.js';

/** What a process holds now, where the system tells (Linux does). */
export function resourcesOf(pid: number): Resources {
  try {
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      residentMegabytes: resident === undefined ? null : Math.round(Number(resident) / 1024),
    };
  } catch {
    return { descriptors: null, residentMegabytes: null };
  }
}
