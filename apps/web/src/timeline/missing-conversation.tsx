import { Button, EmptyState } from '@mantine/core';
import { CommentDiscussionIcon } from '@primer/octicons-react';
import { Link } from 'wouter';
import classes from './missing-conversation.module.css';

export function MissingConversation() {
  return (
    <div className={classes.page}>
      <EmptyState
        icon={<CommentDiscussionIcon size={32} />}
        title={<h1 className={classes.title}>This conversation is not here</h1>}
        description="It does not exist, or you are not part of it any more."
      >
        <EmptyState.Actions>
          <Button component={Link} href="/" variant="light">
            Back to conversations
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    </div>
  );
}
