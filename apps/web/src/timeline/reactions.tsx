import { Tooltip } from '@mantine/core';
import type { MessageView, ReactionView } from '@parley/contracts';
import { useContext } from 'react';
import { showError } from '../shared/errors.js';
import { PeopleContext } from '../shared/people.js';
import classes from './reactions.module.css';
import { useTimeline } from './timeline-context.js';

/** How people have reacted. A click joins in or takes it back. */
export function Reactions({ message }: { message: MessageView }) {
  const { conversation, ownId } = useTimeline();
  const { seq, reactions } = message;
  const toggle = ({ emoji, userIds }: ReactionView): void => {
    const change = userIds.includes(ownId) ? conversation.unreact(seq, emoji) : conversation.react(seq, emoji);
    change.catch(showError);
  };
  return (
    <div className={classes.reactions} role="group" aria-label="Reactions">
      {reactions.map((reaction) => (
        <Tooltip key={reaction.emoji} label={<WhoReacted reaction={reaction} />} openDelay={200}>
          <button
            type="button"
            className={classes.reaction}
            aria-pressed={reaction.userIds.includes(ownId)}
            aria-label={`${reaction.emoji} ${reaction.count}`}
            onClick={() => toggle(reaction)}
          >
            <span>{reaction.emoji}</span> {reaction.count}
          </button>
        </Tooltip>
      ))}
    </div>
  );
}

const NAMES_MAX = 8;

function WhoReacted({ reaction: { userIds, count } }: { reaction: ReactionView }) {
  const people = useContext(PeopleContext);
  const { ownId } = useTimeline();
  const names = userIds
    .slice(0, NAMES_MAX)
    .map((id) => (id === ownId ? 'You' : (people.get(id)?.displayName ?? 'Somebody')));
  return <>{count > names.length ? `${names.join(', ')} and ${count - names.length} more` : names.join(', ')}</>;
}
