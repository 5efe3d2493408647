import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from './child-program.js';

const DIST = fileURLToPath(new URL('../../apps/server/dist/', import.meta.url));
const ENTRY = join(DIST, 'main.js');

/** The built server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  url: string;
  program: ChildProgram;
}

/** Where the process keeps or finds its database. */
export type Place = { dataDir: string } | { databaseUrl: string };

/**
 * Begins to start the built server on a free port, with settings by their names in the environment, and
 * modules (their addresses) that the process loads before it.
 */
export function launchServer(
  place: Place,
  env: Record<string, string> = {},
  preloads: readonly string[] = [],
): ChildProgram {
  if (!existsSync(ENTRY)) throw new Error('The server is not built: `npm run build`, or run the tests by `npm test`');
  const where: Record<string, string> =
    'dataDir' in place ? { PARLEY_DATA_DIR: place.dataDir } : { DATABASE_URL: place.databaseUrl };
  return new ChildProgram([...preloads.flatMap((preload) => ['--import', preload]), ENTRY], {
    NODE_ENV: 'production',
    PORT: '0',
    PARLEY_JWT_SECRET: 'a secret of the tests, long enough to be accepted',
    PARLEY_RATE_LIMITS: 'off',
    PARLEY_ARGON2_MEMORY_KIB: '1024',
    PARLEY_ARGON2_PASSES: '1',
    ...where,
    ...env,
  });
}

/** The same, and waits until it serves. */
export async function startServer(place: Place, env: Record<string, string> = {}): Promise<ServerProcess> {
  const program = launchServer(place, env);
  return { url: await placeOf(program), program };
}

/** Where a server says it is, once it is ready. */
export function placeOf(program: ChildProgram, withinMs?: number): Promise<string> {
  return program.line((line) => /"page":"(http:[^"]*)\/"/.exec(line)?.[1], withinMs);
}

/** Recounts every counter of the database, beside its server or without one; the exit code and what it says. */
export async function checkCounters(place: Place): Promise<{ code: number | null; output: string }> {
  const where: Record<string, string> =
    'dataDir' in place ? { PARLEY_DATA_DIR: place.dataDir } : { DATABASE_URL: place.databaseUrl };
  const program = new ChildProgram([join(DIST, 'check-counters.js')], where);
  const { code } = await program.exited;
  return { code, output: program.output };
}
