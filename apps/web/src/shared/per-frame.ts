import type { Store } from '@parley/client';

/** Calls `task` when the next frame is about to be drawn. */
type NextFrame = (task: () => void) => unknown;

/**
 * The same store, but it changes once a frame at most: at once, and then again when the next frame is drawn
 * if there was more meanwhile. In a page that is out of sight no frames are drawn, and nothing changes
 * twice until it is looked at.
 */
export function perFrame<T>(store: Store<T>, nextFrame: NextFrame = (task) => requestAnimationFrame(task)): Store<T> {
  const listeners = new Set<() => void>();
  /** What is shown until the frame is over; null when none is waited for. */
  let shown: { value: T } | null = null;
  let stop: (() => void) | null = null;

  const change = (): void => {
    if (shown !== null) return;
    const value = store.getSnapshot();
    shown = { value };
    nextFrame(() => {
      shown = null;
      if (!Object.is(store.getSnapshot(), value)) change();
    });
    for (const listener of [...listeners]) listener();
  };
  return {
    getSnapshot: () => (shown === null ? store.getSnapshot() : shown.value),
    subscribe: (listener) => {
      // Each subscription by itself, also when two of them are the same function.
      const own = (): void => listener();
      listeners.add(own);
      stop ??= store.subscribe(change);
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}
