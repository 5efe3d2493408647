import { DomainError } from '../common/domain-error.js';
import { TRACES, type Span } from '../common/tracing.js';

/** What a trace shows of an answer. */
type Answer =
  | { readonly stored: true; readonly message: { readonly seq: number } }
  | { readonly stored: false; readonly seq: number };

/** One send in its trace: its way through the appender, which begins with waiting in the queue. */
export class SendTrace {
  private constructor(
    /** From when it was queued until it was answered. */
    readonly span: Span,
    private readonly queued: Span,
  ) {}

  /** Null while nobody draws traces. */
  static begin(): SendTrace | null {
    const span = TRACES.current?.begin('append');
    return span === undefined ? null : new SendTrace(span, span.begin('queue'));
  }

  /** Its wait is over; should its batch leave it out, it is in the next one from the beginning. */
  leave(): void {
    this.queued.end();
  }

  /** Ends with what its sender waits for. */
  endWith(outcome: Promise<Answer>): void {
    outcome.then(
      (found) =>
        this.span.end(
          found.stored
            ? { 'parley.outcome': 'stored', 'parley.seq': found.message.seq }
            : { 'parley.outcome': 'stored_before', 'parley.seq': found.seq },
        ),
      (error: unknown) => {
        const code = error instanceof DomainError ? error.code : 'internal_error';
        this.span.end({ 'parley.outcome': code });
      },
    );
  }
}

/**
 * A batch serves many sends, each of which has a trace of its own. It is part of the first one's trace, linked to
 * the others, and they to it. Null while nobody draws traces.
 */
export function beginBatch(sends: readonly { readonly trace: SendTrace | null }[]): Span | null {
  if (TRACES.tracer === null) return null;
  const [first, ...others] = sends.flatMap(({ trace }) => trace ?? []);
  if (first === undefined) return null;
  const batch = first.span.begin('append batch', { 'parley.messages': sends.length });
  first.leave();
  for (const other of others) {
    other.leave();
    other.span.link(batch);
    batch.link(other.span);
  }
  return batch;
}
