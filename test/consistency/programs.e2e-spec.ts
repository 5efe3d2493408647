import fc from 'fast-check';
import { startApp, type RunningApp } from '../support/start-app.js';
import { programs } from './programs/arbitrary-program.js';
import { runProgram } from './programs/run-program.js';

/** `npm run check:programs` sets these; without it, the same programs run each time. */
const RUNS = Number(process.env['PARLEY_PROGRAM_RUNS'] ?? 200);
const SEED = Number(process.env['PARLEY_PROGRAM_SEED'] ?? 20);
/** Programs at a time: each waits most of the time, for its network, its timers and the database. */
const LANES = 8;
const MS_PER_RUN = 5_000;

describe(`random programs of several people with two devices each (${RUNS} runs from seed ${SEED})`, () => {
  let app: RunningApp;
  const lost: unknown[] = [];
  const note = (reason: unknown): void => void lost.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    app = await startApp();
  });

  afterAll(async () => {
    await app.close();
    process.off('unhandledRejection', note);
  });

  it(
    'end with every device showing what the server has, and nobody having seen what is not theirs',
    async () => {
      const property = fc.asyncProperty(programs, (program) => runProgram(app, program));
      const lanes = Array.from({ length: Math.min(LANES, RUNS) }, (_, lane) => {
        const numRuns = Math.floor((RUNS + lane) / Math.min(LANES, RUNS));
        // A program that fails may have failed by its timing: shrinking would look for another failure.
        return fc.assert(property, { seed: SEED + lane, numRuns, endOnFailure: true, includeErrorInReport: true });
      });
      // All of them end before the server does.
      for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
      expect(lost).toEqual([]);
    },
    60_000 + RUNS * MS_PER_RUN,
  );
});
