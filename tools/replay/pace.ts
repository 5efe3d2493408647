import type { LogEvent } from './log.js';

const MINUTE_MS = 60_000;
const DAY = 1_440;

/**
 * When each event happens, in milliseconds since the first minute of the log. The log knows minutes
 * only, so the events of one minute are spread evenly over it. A clock that jumps back over midnight
 * goes on with the next day; one that steps back a little stands still.
 */
export function timeEvents(events: readonly LogEvent[]): number[] {
  const times: number[] = [];
  let minute = 0;
  let latestClock = events[0]?.minute ?? 0;
  for (let start = 0; start < events.length;) {
    const clock = events[start]?.minute ?? 0;
    const passed = (clock - latestClock + DAY) % DAY;
    if (passed <= DAY / 2) {
      minute += passed;
      latestClock = clock;
    }
    let end = start + 1;
    while (events[end]?.minute === clock) end += 1;
    for (let index = start; index < end; index += 1) {
      times.push(Math.max(times.at(-1) ?? 0, (minute + (index - start) / (end - start)) * MINUTE_MS));
    }
    start = end;
  }
  return times;
}
