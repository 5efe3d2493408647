import { tasksOfPage, type TraceEvent } from './trace.js';

describe('a trace of the browser', () => {
  const thread = (pid: number, tid: number, name: string): TraceEvent => ({
    ...{ name: 'thread_name', ph: 'M', pid, tid, ts: 0 },
    args: { name },
  });
  const task = (pid: number, tid: number, ms: number, name = 'RunTask'): TraceEvent => ({
    ...{ name, ph: 'X', pid, tid, ts: 1 },
    dur: ms * 1_000,
  });

  it('tells how long the tasks of the busiest page took, and nothing of other threads', () => {
    const events = [
      thread(1, 1, 'CrBrowserMain'),
      thread(2, 1, 'CrRendererMain'),
      thread(2, 2, 'Compositor'),
      thread(3, 1, 'CrRendererMain'),
      task(1, 1, 900),
      task(2, 1, 5),
      task(2, 1, 60),
      task(2, 1, 500, 'FunctionCall'),
      task(2, 2, 700),
      task(3, 1, 20),
    ];
    expect(tasksOfPage(events).durations).toEqual([60, 5]);
  });

  it('tells nothing of a browser without a page', () => {
    expect(tasksOfPage([thread(1, 1, 'CrBrowserMain'), task(1, 1, 3)]).durations).toEqual([]);
  });
});
