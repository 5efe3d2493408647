import { Injectable, Logger } from '@nestjs/common';
import type { Change, Position } from './fact.js';
import { FanOutDriver } from './fan-out.driver.js';

export type ChangeListener = (change: Change) => void;
export type HintListener = (hint: Position) => void;

/**
 * Makes known what has been committed, to this node's listeners first and then to the other nodes.
 *
 * It guarantees an order within one call and nothing else: a change may be lost on its way to
 * another node, come twice, overtake another, or arrive as a hint, which tells only where it
 * belongs. The database is the truth; whoever needs more compares positions
 * (`realtime/conversation-feed.ts`). Publishing never throws and never waits. Covered by
 * `fact-bus.spec.ts` and `fan-out/fan-out.int-spec.ts`.
 */
@Injectable()
export class FactBus {
  private readonly logger = new Logger(FactBus.name);
  private readonly changeListeners = new Set<ChangeListener>();
  private readonly hintListeners = new Set<HintListener>();

  constructor(private readonly driver: FanOutDriver) {
    driver.onReceive({
      changed: (changes) => this.tell(changes),
      hinted: (hint) => this.call(this.hintListeners, hint),
    });
  }

  /** Publishes committed changes here and on the other nodes. */
  publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.tell(changes);
    this.driver.send(changes);
  }

  /** Hears every change of every node, except those that come as a hint. Returns how to stop. */
  subscribe(listener: ChangeListener): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /**
   * Hears of each change of another node that was too large for the driver: the database holds
   * everything of that conversation up to `hint.seq`; `joined` and `left` are as in the change.
   * Facts without a position never come as a hint. Returns how to stop.
   */
  onHint(listener: HintListener): () => void {
    this.hintListeners.add(listener);
    return () => this.hintListeners.delete(listener);
  }

  private tell(changes: readonly Change[]): void {
    for (const change of changes) this.call(this.changeListeners, change);
  }

  private call<T>(listeners: ReadonlySet<(heard: T) => void>, heard: T): void {
    for (const listener of listeners) {
      try {
        listener(heard);
      } catch (error) {
        this.logger.error('A listener failed', error);
      }
    }
  }
}
