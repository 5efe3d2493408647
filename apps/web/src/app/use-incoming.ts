import { useEffect, useEffectEvent } from 'react';
import { client } from '../session/client.js';
import { findIncoming, type Incoming } from './incoming.js';

/** Calls `onIncoming` for messages of others as they come, not for those that were there when the page came. */
export function useIncoming(ownId: string | null, onIncoming: (incoming: Incoming) => void): void {
  const tell = useEffectEvent(onIncoming);
  useEffect(() => {
    if (ownId === null) return;
    let before = client.conversations.getSnapshot();
    return client.conversations.subscribe(() => {
      const after = client.conversations.getSnapshot();
      const news = before.isLoaded ? findIncoming(before.items, after.items, ownId) : [];
      before = after;
      for (const incoming of news) tell(incoming);
    });
  }, [ownId]);
}
