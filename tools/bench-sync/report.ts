import type { Measurement } from './measure.js';

const HEADINGS = ['', 'ratio', 'spread', 'median'] as const;

/** The measurements as ratios to the first of them, for people. */
export function formatReport(results: readonly { name: string; measurement: Measurement }[]): string {
  const base = results[0]?.measurement.median ?? Number.NaN;
  const rows = results.map(({ name, measurement: { median, lowest, highest } }) => [
    name,
    (median / base).toFixed(2),
    `${(lowest / base).toFixed(2)} to ${(highest / base).toFixed(2)}`,
    `${median.toFixed(1)} ms`,
  ]);
  const table = [[...HEADINGS], ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  return `${lines.map((cells) => cells.join('  ').trimEnd()).join('\n')}\n`;
}
