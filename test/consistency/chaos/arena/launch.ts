import type { ChildProgram } from '../../../support/child-program.js';
import { launchServer, placeOf, type Place } from '../../../support/server-process.js';
import type { LinkTarget } from './link.js';

const STARTS_WITHIN_MS = 180_000;
const TRIES = 3;
/**
 * On a machine that is very busy a server may give up waiting for its database, which it is too busy to hear.
 * Whoever runs servers starts it again then, and so do the runs.
 */
const GAVE_UP = /Cannot open the database .*timeout expired/;

export interface LaunchOptions {
  place: Place;
  env: Record<string, string>;
  /** Modules that the process loads before the server. */
  preloads: readonly string[];
}

export interface Launched {
  program: ChildProgram;
  target: LinkTarget;
}

/** One start at a time: a start is nothing but work, and many at once are slow for everybody. */
let previous: Promise<unknown> = Promise.resolve();

/** Starts a server, and waits until it serves. */
export function launch(options: LaunchOptions): Promise<Launched> {
  const launched = previous.then(() => tryToLaunch(options, TRIES));
  previous = launched.catch(() => undefined);
  return launched;
}

async function tryToLaunch(options: LaunchOptions, tries: number): Promise<Launched> {
  const program = launchServer(options.place, options.env, options.preloads);
  try {
    const url = new URL(await placeOf(program, STARTS_WITHIN_MS));
    return { program, target: { host: url.hostname, port: Number(url.port) } };
  } catch (error) {
    await program.kill('SIGKILL');
    if (tries > 1 && GAVE_UP.test(program.output)) return tryToLaunch(options, tries - 1);
    throw error;
  }
}
