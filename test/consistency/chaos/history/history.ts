import { writeFileSync } from 'node:fs';
import type { Action, HistoryEvent, Observer, TimedEvent } from './history-event.js';
import type { Message } from './message.js';

/** How an operation ended, as its client sees it. */
export type Outcome =
  | { type: 'ok'; message: Message | null; duplicate?: boolean }
  | { type: 'fail'; code: string }
  | { type: 'unknown'; code: string };

/**
 * Everything that clients did and saw, in one line: all clients run in this process, so the order in which
 * events are recorded is the order of real time.
 */
export class History {
  readonly events: TimedEvent[] = [];
  private readonly begin = performance.now();
  private readonly acknowledgedSends = new Set<string>();
  private operations = 0;

  record(event: HistoryEvent): void {
    this.events.push({ at: Math.round(performance.now() - this.begin), ...event });
  }

  /** Records that an operation begins; returns what records its end. */
  invoke(observer: Observer, action: Action): (outcome: Outcome) => void {
    const operation = (this.operations += 1);
    this.record({ type: 'invoke', operation, action, ...observer });
    return (outcome) => {
      if (outcome.type === 'ok' && action.kind === 'send') this.acknowledgedSends.add(action.clientId);
      if (outcome.type === 'ok') this.record({ duplicate: false, ...outcome, operation });
      else this.record({ ...outcome, operation });
    };
  }

  /** Messages that were acknowledged; a repetition is no second message. */
  get acknowledged(): number {
    return this.acknowledgedSends.size;
  }

  /** How many operations ended in this way. */
  count(type: HistoryEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** Writes it down, one event a line. */
  save(file: string): void {
    writeFileSync(file, this.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
}
