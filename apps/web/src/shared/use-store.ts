import type { Store } from '@parley/client';
import { useSyncExternalStore } from 'react';

/** What a store holds, drawn anew whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
