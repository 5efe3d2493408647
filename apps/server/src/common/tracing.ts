/** Numbers, codes and names of closed lists; never what is about a person, a conversation or a text. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A stretch of time in a trace. It is seen when it has ended, and one that never ends is never seen. */
export interface Span {
  /** Begins a part of this one. */
  begin(name: string, attributes?: SpanAttributes): Span;
  /** Runs `work`; in it, and in what it awaits, this is {@link Traces.current}. */
  run<T>(work: () => T): T;
  /** Says that another span has to do with this one, though it may be in another trace. */
  link(other: Span): void;
  rename(name: string): void;
  /** `failed` is for what went wrong on our side; a refusal is none. */
  end(attributes?: SpanAttributes, failed?: boolean): void;
}

/** Who draws traces. */
export interface Tracer {
  /** Begins a trace. */
  begin(name: string, attributes?: SpanAttributes): Span;
  current(): Span | null;
}

/**
 * Where traces are told to, as counts are told to signals: whoever begins a span does not know who draws it. While
 * nobody does there are no spans, and asking for one costs one comparison.
 *
 * A signal says that something is over; a trace needs to know what it was part of. Inside of one call that is the
 * {@link current} span. Where things wait for one another in queues the context of a call is somebody else's, so
 * there a span is handed on with the thing: in a field, or for a change, which others pass on, by {@link cause}.
 */
class Traces {
  private drawer: Tracer | null = null;
  private readonly causes = new WeakMap<object, Span>();

  /** Null while nobody draws. */
  get tracer(): Tracer | null {
    return this.drawer;
  }

  get current(): Span | null {
    return this.drawer === null ? null : this.drawer.current();
  }

  /** Has this one draw from now on, for the whole process. Returns how to stop. */
  drawBy(tracer: Tracer): () => void {
    this.drawer = tracer;
    return () => {
      if (this.drawer === tracer) this.drawer = null;
    };
  }

  /** Notes what a thing came of, for as long as there is the thing. */
  cause(things: readonly object[], span: Span | null): void {
    if (span !== null) for (const thing of things) this.causes.set(thing, span);
  }

  causeOf(thing: object): Span | null {
    return this.drawer === null ? null : (this.causes.get(thing) ?? null);
  }
}

export const TRACES = new Traces();
