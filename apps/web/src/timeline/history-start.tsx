import { Text, Title } from '@mantine/core';
import { useStore } from '../shared/use-store.js';
import { Avatar } from '../shared/avatar.js';
import { toPartner, toTitle } from '../conversations/describe.js';
import { toDay } from '../shared/times.js';
import classes from './history-start.module.css';
import { useTimeline } from './timeline-context.js';

/** In the middle of a sentence. */
function toBeginning(iso: string): string {
  const day = toDay(iso);
  return day === 'Today' || day === 'Yesterday' ? day.toLowerCase() : `on ${day}`;
}

/** What stands above the first message there is. */
export function HistoryStart() {
  const { conversation, ownId } = useTimeline();
  const view = useStore(conversation.summary)?.conversation;
  if (view === undefined) return null;
  const title = toTitle(view, ownId);
  return (
    <div className={classes.start}>
      <Avatar id={toPartner(view, ownId)?.userId ?? view.id} name={title} size="lg" isGroup={view.kind === 'group'} />
      <Title order={2} size="h4" className={classes.title}>
        <bdi>{title}</bdi>
      </Title>
      <Text size="sm" c="dimmed">
        {view.kind === 'direct'
          ? 'This is where your conversation begins. Only the two of you can read it.'
          : `The group began ${toBeginning(view.createdAt)}.`}
      </Text>
    </div>
  );
}
