import type { Change, Position } from './fact.js';

/** What a driver hands to the bus, in the order in which it came. */
export interface FanOutReceiver {
  /** Another node published these. */
  changed(changes: readonly Change[]): void;
  /** Another node published a change that was too large to carry: this is where it belongs. */
  hinted(hint: Position): void;
}

/**
 * Carries changes to the other nodes. What is lost here is found again by position, so a driver may
 * drop, but must not block, throw, or hand a node its own changes back.
 */
export abstract class FanOutDriver {
  /**
   * Begins to carry, for nodes of the same epoch only. Waits for the connection a short while; when
   * there is none by then, the driver goes on trying.
   */
  abstract start(epoch: string): Promise<void>;
  /** Sends to every other node. */
  abstract send(changes: readonly Change[]): void;
  /** Registers the one receiver of what other nodes sent. */
  abstract onReceive(receiver: FanOutReceiver): void;
  /** Whether this node hears the others. */
  abstract readonly healthy: boolean;
  /** Ends the connections. */
  abstract stop(): Promise<void>;
}

/** One node: there is nobody else to tell. */
export class LocalFanOut extends FanOutDriver {
  readonly healthy = true;

  async start(): Promise<void> {}

  send(): void {}

  onReceive(): void {}

  async stop(): Promise<void> {}
}
