import { groupBy } from '../../support/group-by.js';
import { summarize, type Summary } from '../measure/statistics.js';
import { WORKLOADS, type Measurement, type WorkloadId } from '../workloads/workload.js';
import { CHARTS, fileOf, type Chart } from './chart-list.js';
import { BUSY_MAX, METRICS } from './metrics.js';
import type { Results } from './results.js';
import type { Verdict } from './verdicts.js';

/** A heading, and rows of cells of which the first is the names of the columns. */
export interface Table {
  title: string;
  rows: string[][];
  /** What shows the same on a page. */
  charts: readonly Chart[];
}

const TITLES: Readonly<Record<WorkloadId, string>> = {
  w1: 'W1: durable send, 25 pairs',
  w2: 'W2: fan-out to groups',
  w3: 'W3: idle sockets',
  w4: 'W4: a page of 50 messages',
  w5: 'W5: conversation list and sync',
  w6: 'W6: mixed',
  start: 'Start',
};

/** What was measured, a table for each workload, and what it means. */
export function tablesOf({ measurements, verdicts }: Results): Table[] {
  const measured = WORKLOADS.flatMap((workload) => {
    const rows = measurements.filter((measurement) => measurement.workload === workload);
    const charts = CHARTS.filter((chart) => chart.workload === workload);
    return rows.length === 0 ? [] : [{ title: TITLES[workload], rows: rowsOf(rows), charts }];
  });
  return verdicts.length === 0
    ? measured
    : [...measured, { title: 'Verdicts', rows: verdictRows(verdicts), charts: [] }];
}

function rowsOf(measurements: readonly Measurement[]): string[][] {
  const columns = Object.keys(METRICS).filter((metric) =>
    measurements.some(({ values }) => typeof values[metric] === 'number'),
  );
  const groups = groupBy(measurements, ({ case: name, system }) => `${name}\n${system}`);
  const rows = [...groups].map(([key, rounds]) => [
    ...key.split('\n'),
    ...columns.map((metric) => cell(metric, rounds)),
  ]);
  return [['', 'system', ...columns.map((metric) => METRICS[metric]?.title ?? metric)], ...rows];
}

function cell(metric: string, rounds: readonly Measurement[]): string {
  const values = rounds.map(({ values: all }) => all[metric]).filter((value) => typeof value === 'number');
  const summary = summarize(values);
  if (summary === null) return '';
  const text = spread(summary, METRICS[metric]?.digits ?? 2);
  return metric === 'loadBusy' && summary.median > BUSY_MAX ? `${text} (!)` : text;
}

function verdictRows(verdicts: readonly Verdict[]): string[][] {
  const heading = ['', 'is', 'must', 'goal', 'verdict'];
  return [
    heading,
    ...verdicts.map(({ name, better, must, goal, verdict, ...summary }) => {
      const sign = better === 'higher' ? '≥' : '≤';
      return [name, spread(summary, 2), `${sign} ${must}`, `${sign} ${goal}`, verdict];
    }),
  ];
}

/** The median, and the ends where there are any. */
function spread({ median, lowest, highest }: Summary, digits: number): string {
  const write = (value: number): string =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return lowest === highest ? write(median) : `${write(median)} (${write(lowest)}-${write(highest)})`;
}

/** A table for the terminal. */
export function toText({ title, rows }: Table): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => (column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n\n${lines.join('\n')}\n`;
}

/** A table for a page in `docs/`, with its charts. */
export function toMarkdown({ title, rows, charts }: Table): string {
  const [heading = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const images = charts.flatMap((chart) => [`![${chart.title}](images/${fileOf(chart)})`, '']);
  return [`### ${title}`, '', line(heading), line(heading.map(() => '---')), ...body.map(line), '', ...images].join(
    '\n',
  );
}
