import { summarize } from '../measure/statistics.js';
import type { Measurement, WorkloadId } from '../workloads/workload.js';
import type { Criterion, Place } from './criterion.js';

/** What became of one criterion. */
export interface Verdict {
  workload: WorkloadId;
  name: string;
  better: 'higher' | 'lower';
  must: number;
  goal: number;
  /** The median of the rounds, and its ends. */
  median: number;
  lowest: number;
  highest: number;
  verdict: 'goal' | 'must' | 'missed';
}

/** Judges each criterion of which something was measured. A ratio is taken in each round: both fell into the same minutes. */
export function judge(criteria: readonly Criterion[], measurements: readonly Measurement[]): Verdict[] {
  return criteria.flatMap(({ workload, name, of, to, better, must, goal }) => {
    const summary = summarize(valuesOf(workload, of, to, measurements));
    if (summary === null) return [];
    const reaches = (wanted: number): boolean =>
      better === 'higher' ? summary.median >= wanted : summary.median <= wanted;
    const verdict = reaches(goal) ? 'goal' : reaches(must) ? 'must' : 'missed';
    return [{ workload, name, better, must, goal, ...summary, verdict }];
  });
}

function valuesOf(
  workload: WorkloadId,
  of: Place,
  to: Place | undefined,
  measurements: readonly Measurement[],
): number[] {
  const found = byRound(workload, of, measurements);
  if (to === undefined) return [...found.values()];
  const others = byRound(workload, to, measurements);
  return [...found].flatMap(([round, value]) => {
    const other = others.get(round);
    return other === undefined || other === 0 ? [] : [value / other];
  });
}

function byRound(workload: WorkloadId, place: Place, measurements: readonly Measurement[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const measurement of measurements) {
    if (measurement.workload !== workload || measurement.case !== place.case) continue;
    const value = measurement.values[place.metric];
    if (measurement.system === place.system && typeof value === 'number') found.set(measurement.round, value);
  }
  return found;
}
