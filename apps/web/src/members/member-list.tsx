import { Text } from '@mantine/core';
import type { Conversation } from '@parley/client';
import type { ConversationSummary, ProfileView } from '@parley/contracts';
import { useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { usePresence } from '../shared/use-presence.js';
import { useStore } from '../shared/use-store.js';
import { MemberLine } from './member-line.js';
import classes from './member-list.module.css';

export interface MemberListProps {
  conversation: Conversation;
  summary: ConversationSummary;
  me: ProfileView;
}

/** The people of a group. Only those in sight are in the page: a group has up to a thousand. */
export function MemberList({ conversation, summary, me }: MemberListProps) {
  const members = useStore(conversation.members);
  const ids = useMemo(() => members.map(({ userId }) => userId), [members]);
  const presences = usePresence(ids);
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <section className={classes.section}>
      <Text component="h2" size="sm" fw={600} m={0}>
        {summary.conversation.memberCount} {summary.conversation.memberCount === 1 ? 'member' : 'members'}
      </Text>
      <div ref={scroller} className={classes.scroller} role="list" aria-label="Members" tabIndex={0}>
        <Virtualizer scrollRef={scroller} data={members} itemSize={52}>
          {(member) => (
            <MemberLine
              key={member.userId}
              conversation={conversation}
              member={member}
              ownRole={summary.role}
              isMe={member.userId === me.id}
              presence={presences.get(member.userId)?.state ?? null}
            />
          )}
        </Virtualizer>
      </div>
    </section>
  );
}
