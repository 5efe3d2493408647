import type { RunResult } from './run-chaos.js';

const SHOWN_MAX = 10;
/** What only makes a text long. */
const FILLING = /茶+/g;
const SENTENCE_MAX = 300;
const EVIDENCE_MAX = 500;

/** One run in one line, and what was wrong with it, with what shows it and how to repeat it. */
export function describeRun(result: RunResult, { short }: { short: boolean }): string {
  const { faults: names, failedAt, seed, totals, violations, historyFile } = result;
  const { acknowledged, invoked, ok, failed, unknown, deliveries, faults } = totals;
  const together = names.length > 1 ? ' --together' : '';
  const verdict =
    violations.length === 0 ? 'all promises kept' : `${violations.length} VIOLATIONS after ${failedAt ?? 'the start'}`;
  const line =
    `${names.join(', ')} (seed ${seed}): ${acknowledged} messages acknowledged; ${invoked} operations, ${ok} ok, ` +
    `${failed} refused, ${unknown} unknown; ${deliveries} deliveries; ${faults} faults: ${verdict}`;
  if (violations.length === 0) return line;
  const shown = violations.slice(0, SHOWN_MAX).map(({ rule, sentence, evidence }) => {
    const shows = evidence.map((one) => `      ${JSON.stringify(one).replace(FILLING, '…').slice(0, EVIDENCE_MAX)}`);
    return [`  ${rule}: ${sentence.replace(FILLING, '…').slice(0, SENTENCE_MAX)}`, ...shows.slice(0, 3)].join('\n');
  });
  const command = `npm run chaos -- --faults ${names.join(',')}${together} --seeds 1 --seed ${seed}${short ? ' --short' : ''}`;
  return [line, ...shown, `  The history: ${historyFile}`, `  The same again: ${command}`].join('\n');
}

/** All runs together. */
export function describeTotals(results: readonly RunResult[]): string {
  const sum = (of: (result: RunResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return [
    '',
    `runs                    ${results.length}`,
    `acknowledged messages   ${sum(({ totals }) => totals.acknowledged)}`,
    `operations              ${sum(({ totals }) => totals.invoked)}`,
    `deliveries              ${sum(({ totals }) => totals.deliveries)}`,
    `faults                  ${sum(({ totals }) => totals.faults)}`,
    `violations              ${sum(({ violations }) => violations.length)}`,
    '',
  ].join('\n');
}
