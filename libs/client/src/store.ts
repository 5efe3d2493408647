/**
 * Something that changes and can be watched, as user interfaces want it: `subscribe` and `getSnapshot` can
 * be handed to React's `useSyncExternalStore` as they are. A snapshot never changes; until something does,
 * it is the same object.
 */
export interface Store<T> {
  /** Calls `listener` after each change. Returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => T;
}

/** Calls a listener of somebody else: what it throws is shown, and harms nobody. */
export function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    console.error('A listener of Parley failed', error);
  }
}

/** A store with a value that is set. */
export class ValueStore<T> implements Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly getSnapshot = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // Each subscription by itself, also when two of them are the same function.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) callSafely(listener);
  }
}

/** A store that is computed from others, anew when one of them has changed. */
export function derivedStore<T>(sources: readonly Store<unknown>[], compute: () => T): Store<T> {
  let made: { from: readonly unknown[]; value: T } | null = null;
  return {
    getSnapshot: () => {
      const from = sources.map((source) => source.getSnapshot());
      if (made === null || from.some((value, index) => !Object.is(value, made?.from[index]))) {
        made = { from, value: compute() };
      }
      return made.value;
    },
    subscribe: (listener) => {
      const stops = sources.map((source) => source.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
