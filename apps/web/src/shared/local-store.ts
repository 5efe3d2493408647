import type { Store } from '@parley/client';

/** A store for what only this page knows: nothing of it is the server's. */
export interface LocalStore<T> extends Store<T> {
  set(value: T): void;
}

export function localStore<T>(initial: T): LocalStore<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    getSnapshot: () => value,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
