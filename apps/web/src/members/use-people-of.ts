import type { Conversation } from '@parley/client';
import type { ProfileView } from '@parley/contracts';
import { useEffect, useMemo } from 'react';
import type { People, Person } from '../shared/people.js';
import { useStore } from '../shared/use-store.js';

/** The members of a conversation, by id; of a large one they are loaded. */
export function usePeopleOf(conversation: Conversation, me: ProfileView): People {
  const members = useStore(conversation.members);
  const summary = useStore(conversation.summary);
  const isLarge = summary !== null && summary.conversation.members === null;
  useEffect(() => {
    // Without them names are asked for one by one.
    if (isLarge) conversation.loadMembers().catch(() => undefined);
  }, [conversation, isLarge]);
  return useMemo(() => {
    const people = new Map<string, Person>(members.map((member) => [member.userId, member]));
    return people.set(me.id, me);
  }, [members, me]);
}
