import type { PresenceState, PresenceView } from '@parley/contracts';
import { useMemo } from 'react';
import { client } from '../session/client.js';
import { useStore } from './use-store.js';

/** Who of these people is there, watched as long as it is shown. Nobody is told of people one may not see. */
export function usePresence(userIds: readonly string[]): ReadonlyMap<string, PresenceView> {
  const key = [...userIds].sort().join(' ');
  const store = useMemo(() => client.presence(key === '' ? [] : key.split(' ')), [key]);
  return useStore(store);
}

export function usePresenceOf(userId: string | null): PresenceState | null {
  const presences = usePresence(userId === null ? [] : [userId]);
  return userId === null ? null : (presences.get(userId)?.state ?? null);
}
