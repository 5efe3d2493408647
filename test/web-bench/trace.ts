/** What is used of an event of Chromium's tracing. Times are in microseconds. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  args?: { name?: string };
}

export interface Tasks {
  /** How long each took, in milliseconds, the longest first. */
  readonly durations: readonly number[];
}

/**
 * The tasks of the thread on which the page's scripts run: while one of them runs, nothing that is typed can be
 * shown. Of several pages the one that did most is meant.
 */
export function tasksOfPage(events: readonly TraceEvent[]): Tasks {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const perThread = mains.map(({ pid, tid }) =>
    events
      .filter((event) => event.pid === pid && event.tid === tid && event.name === 'RunTask' && event.ph === 'X')
      .map(({ dur = 0 }) => dur / 1_000)
      .sort((left, right) => right - left),
  );
  const [durations = []] = perThread.sort((left, right) => sum(right) - sum(left));
  return { durations };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
