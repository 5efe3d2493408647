import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bench } from './bench.js';
import { HELP, parseOptions, UsageError, type BenchOptions } from './options.js';
import { headingOf } from './report/heading.js';
import type { Results } from './report/results.js';
import { tablesOf, toMarkdown, toText, type Table } from './report/tables.js';

/** Builds what is not built from today's sources. JavaScript without types, and so not imported by its name. */
const PREPARE = new URL('../../scripts/lib/prepare.mjs', import.meta.url).href;

const stopped = new AbortController();

/** The command line of the benchmark. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const request = parseOptions(args);
  switch (request.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'markdown':
      process.stdout.write(show(readResults(request.file), toMarkdown));
      return 0;
    case 'charts':
      await showCharts(readResults(request.file));
      return 0;
    case 'measure':
      return measure(request.options);
  }
}

async function measure(options: BenchOptions): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(new UsageError(`stopped by ${signal}`)));
  }
  const { prepare } = (await import(PREPARE)) as { prepare: () => Promise<void> };
  await prepare();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const results = await bench(options, stopped.signal, say);
  process.stdout.write(`\n${show(results, toText)}\n`);
  process.stdout.write(`Written to ${writeResults(results, options.out)}\n`);
  if (options.charts) await showCharts(results);
  for (const { workload, message } of results.failures) process.stderr.write(`\n${workload} failed: ${message}\n`);
  return results.failures.length === 0 ? 0 : 1;
}

function show(results: Results, write: (table: Table) => string): string {
  return [`${headingOf(results)}\n`, ...tablesOf(results).map(write)].join('\n');
}

/** Draws them. The plotting library takes a second to load, so it is loaded only here. */
async function showCharts(results: Results): Promise<void> {
  const { drawCharts } = await import('./report/charts.js');
  for (const file of await drawCharts(results)) process.stdout.write(`Drawn: ${file}\n`);
}

function writeResults(results: Results, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = resolve(join(folder, `${results.startedAt.replaceAll(':', '-')}.json`));
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

function readResults(file: string): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const text = error instanceof UsageError ? `${error.message}\n\nTry --help.` : String(error);
  process.stderr.write(`\nbench: ${text}\n`);
  process.exitCode = 1;
}
