import type { Store } from '@parley/client';
import { useMemo, useSyncExternalStore } from 'react';
import { perFrame } from './per-frame.js';

/** What a store holds, drawn anew whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}

/** What a store holds, drawn anew once a frame at most, however often it changes. */
export function useStorePerFrame<T>(store: Store<T>): T {
  return useStore(useMemo(() => perFrame(store), [store]));
}
