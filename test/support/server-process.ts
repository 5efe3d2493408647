import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from './child-program.js';

const ENTRY = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** The built server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  url: string;
  program: ChildProgram;
}

/** Where the process keeps or finds its database. */
export type Place = { dataDir: string } | { databaseUrl: string };

/** Begins to start the built server on a free port, with settings by their names in the environment. */
export function launchServer(place: Place, env: Record<string, string> = {}): ChildProgram {
  if (!existsSync(ENTRY)) throw new Error('The server is not built: `npm run build`, or run the tests by `npm test`');
  const where: Record<string, string> =
    'dataDir' in place ? { PARLEY_DATA_DIR: place.dataDir } : { DATABASE_URL: place.databaseUrl };
  return new ChildProgram([ENTRY], {
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
export function placeOf(program: ChildProgram): Promise<string> {
  return program.line((line) => /"page":"(http:[^"]*)\/"/.exec(line)?.[1]);
}
