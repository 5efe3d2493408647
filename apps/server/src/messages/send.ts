import type { MessageView } from '@parley/contracts';
import type { DomainError } from '../common/domain-error.js';
import type { SendTrace } from './send-trace.js';

/** A text on its way into a conversation. */
export interface Send {
  readonly conversationId: string;
  readonly senderId: string;
  readonly clientId: string;
  readonly body: string;
  readonly replyTo: number | null;
}

/** What became of a send. A message that was stored before must be looked up: it may have changed. */
export type AppendOutcome = { stored: true; message: MessageView } | { stored: false; seq: number };

/** A send on its way, and whoever waits for it. */
export class PendingSend {
  /** Whether it has left in a batch. */
  isBegun = false;
  /** Whether a try may have been committed without our knowing. */
  isUncertain = false;
  readonly outcome: Promise<AppendOutcome>;
  resolve!: (outcome: AppendOutcome) => void;
  reject!: (error: DomainError) => void;

  constructor(
    readonly send: Send,
    /** Whom the text may mention, as `resolve_mentions` reads it. */
    readonly mentions: string | null,
    /** Null while nobody draws traces. */
    readonly trace: SendTrace | null,
  ) {
    this.outcome = new Promise<AppendOutcome>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    trace?.endWith(this.outcome);
  }
}
