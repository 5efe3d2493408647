import type { Difference } from './compare.js';
import type { ReplayResult } from './replay.js';
import type { Script } from './script.js';
import type { Percentiles } from './timings.js';

const SHOWN_MAX = 20;

type Row = readonly [name: string, value: string];

/** The outcome of a replay, for people. */
export function formatReport(script: Script, result: ReplayResult): string {
  const sections = [
    formatTable(countRows(script)),
    formatTable(resultRows(result)),
    ...formatLeftOut(script),
    formatDifferences(result.differences),
  ];
  return `${sections.join('\n\n')}\n`;
}

function countRows({ lines, people, steps, leftOut, withoutEffect }: Script): Row[] {
  const all = Object.values(lines).reduce((sum, count) => sum + count, 0);
  const implied = (kind: 'join' | 'leave'): string => {
    const count = steps.filter((step) => step.kind === kind && step.implied).length;
    return count === 0 ? '' : ` (and ${count} that the log implies)`;
  };
  return [
    ['lines', String(all)],
    ['messages', String(lines.message)],
    ['actions', String(lines.action)],
    ['joins', `${lines.join}${implied('join')}`],
    ['leaves', `${lines.leave}${implied('leave')}`],
    ['renames', String(lines.rename)],
    ...(withoutEffect === 0 ? [] : [['lines without effect', String(withoutEffect)] as const]),
    ...(leftOut.length === 0 ? [] : [['lines left out', String(leftOut.length)] as const]),
    ['people', String(people.length)],
  ];
}

function resultRows({ messages, deliveries, returns, seconds, ack, delivery }: ReplayResult): Row[] {
  const perSecond = (count: number): string => Math.round(count / Math.max(seconds, 0.001)).toString();
  return [
    ['messages sent', String(messages)],
    ['deliveries', `${deliveries.received} of ${deliveries.expected}`],
    ...(returns === 0 ? [] : [['reconnects', String(returns)] as const]),
    ['seconds', seconds.toFixed(1)],
    ['messages per second', perSecond(messages)],
    ['deliveries per second', perSecond(deliveries.received)],
    ['ack ms p50 / p95 / p99', formatPercentiles(ack)],
    ['delivery ms p50 / p95 / p99', formatPercentiles(delivery)],
  ];
}

function formatPercentiles(percentiles: Percentiles | null): string {
  if (percentiles === null) return '-';
  return [percentiles.p50, percentiles.p95, percentiles.p99].map((ms) => ms.toFixed(1)).join(' / ');
}

function formatTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}

function formatLeftOut({ leftOut }: Script): string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(({ line, reason }) => `  line ${line}: ${reason}`);
  return [`Left out, because no message and no name can hold them:\n${cut(lines)}`];
}

function formatDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'No differences: history and listeners are exactly as in the log.';
  const lines = differences.map(
    ({ kind, where, line, detail }) => `  ${kind}, ${where}${line === null ? '' : `, line ${line}`}: ${detail}`,
  );
  return `${differences.length} differences:\n${cut(lines)}`;
}

function cut(lines: readonly string[]): string {
  const shown = lines.slice(0, SHOWN_MAX).join('\n');
  return lines.length > SHOWN_MAX ? `${shown}\n  and ${lines.length - SHOWN_MAX} more` : shown;
}
