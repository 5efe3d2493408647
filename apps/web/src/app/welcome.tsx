import { Kbd } from '@mantine/core';
import { CommentDiscussionIcon } from '@primer/octicons-react';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';
import { FirstSteps } from './first-steps.js';
import classes from './welcome.module.css';

/** Nothing is open. Whoever is new here sees what to do. */
export function Welcome() {
  const { items, isLoaded } = useStore(client.conversations);
  const me = useStore(client.me);
  const isFirstRun = isLoaded && items.length === 0;
  if (!isFirstRun) {
    return (
      <div className={classes.page}>
        <CommentDiscussionIcon size={40} className={classes.icon} />
        <h1 className={classes.text}>Choose a conversation, or start one.</h1>
        <p className={classes.hint}>
          Press <Kbd>?</Kbd> for keyboard shortcuts.
        </p>
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <img src="/favicon.svg" alt="" width={56} height={56} />
      <h1 className={classes.title}>
        Welcome<bdi>{me === null ? '' : `, ${me.displayName}`}</bdi>
      </h1>
      <FirstSteps />
    </div>
  );
}
