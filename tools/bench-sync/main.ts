import type { SyncReply } from '@parley/contracts';
import { Account } from '../replay/account.js';
import { Api } from '../replay/api.js';
import { Progress } from '../replay/progress.js';
import { FEW, listCases, PAGE, SHORT, type BenchCase, type Seeded } from './cases.js';
import { createDatabase, withClient } from './database.js';
import { measureByTurns } from './measure.js';
import { HELP, parseOptions, UsageError, type BenchOptions } from './options.js';
import { formatReport } from './report.js';
import { seed } from './seed.js';
import { BenchServer } from './server.js';

const PATIENCE_MS = 10_000;

type Readers = Record<BenchCase['reader'], Account>;

const stopped = new AbortController();
const progress = new Progress(process.stderr);

/** The command line of the benchmark. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, process.env);
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(new UsageError(`stopped by ${signal}`)));
  }
  const database = await createDatabase(options.databaseUrl);
  try {
    const server = await BenchServer.start(database.url);
    try {
      process.stdout.write(await bench(server.url, database.url, options));
    } finally {
      await server.stop();
    }
  } finally {
    await database.drop();
  }
  return 0;
}

async function bench(url: string, databaseUrl: string, options: BenchOptions): Promise<string> {
  const api = new Api(url, stopped.signal, PATIENCE_MS);
  const register = (nick: string, index: number): Promise<Account> => Account.register(api, nick, index);
  const author = await register('ada', 0);
  const readers: Readers = {
    few: await register('ben', 1),
    page: await register('cleo', 2),
    short: await register('dora', 3),
    many: await register('emil', 4),
  };
  const seeded = await fill(databaseUrl, options, author, readers);
  const cases = listCases(seeded);
  const epoch = await epochOf(url, author);
  progress.begin('measuring', options.rounds + 1);
  const measurements = await measureByTurns(
    cases.map((asked) => () => ask(url, epoch, readers[asked.reader], asked)),
    options.rounds,
    () => progress.advance(),
  );
  progress.end();
  return formatReport(
    cases.flatMap(({ name }, index) => {
      const measurement = measurements[index];
      return measurement === undefined ? [] : [{ name, measurement }];
    }),
  );
}

async function fill(
  databaseUrl: string,
  { conversations, messages }: BenchOptions,
  author: Account,
  { few, page, short, many }: Readers,
): Promise<Seeded> {
  return withClient(databaseUrl, async (client) => {
    progress.begin('filling', conversations * 2);
    const made = (count: number): void => {
      for (let one = 0; one < count; one += 1) progress.advance();
    };
    const everybody = [
      { userId: few.userId, first: FEW },
      { userId: page.userId, first: PAGE },
      { userId: many.userId, first: conversations },
    ];
    const common = { conversations, author: author.userId };
    const long = await seed(client, { ...common, messages, readers: everybody }, stopped.signal, made);
    const readers = [{ userId: short.userId, first: conversations }];
    const brief = await seed(client, { ...common, messages: SHORT, readers }, stopped.signal, made);
    progress.end();
    progress.say('tidying up');
    await client.query('VACUUM ANALYZE');
    return { long, short: brief, messages };
  });
}

async function epochOf(url: string, account: Account): Promise<string> {
  return (await sync(url, await account.token(), { cursors: {} })).epoch;
}

/** The answer, received to its last byte. One that is not what was meant to be measured ends the benchmark. */
async function ask(
  url: string,
  epoch: string,
  account: Account,
  { name, cursors, isExpected }: BenchCase,
): Promise<void> {
  stopped.signal.throwIfAborted();
  const reply = await sync(url, await account.token(), { epoch, cursors });
  if (!isExpected(reply)) throw new Error(`not the expected answer for: ${name}`);
}

async function sync(url: string, token: string, input: object): Promise<SyncReply> {
  const answer = await fetch(new URL('/v1/sync', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    signal: stopped.signal,
  });
  if (answer.status !== 200) throw new Error(`sync was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as SyncReply;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const text = error instanceof UsageError ? `${error.message}\n\nTry --help.` : String(error);
  process.stderr.write(`\nbench:sync: ${text}\n`);
  process.exitCode = 1;
}
