import { Button, Kbd } from '@mantine/core';
import { CommentDiscussionIcon, PeopleIcon, SearchIcon } from '@primer/octicons-react';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';
import { pressShortcut, showShortcuts } from './shortcuts.js';
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
        <p className={classes.text}>Choose a conversation, or start one.</p>
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
      <ul className={classes.steps}>
        <li>
          <SearchIcon size={20} />
          <div>
            <strong>Find somebody.</strong> Type a name into the search, and write to them.
          </div>
          <Button variant="light" size="xs" onClick={() => pressShortcut('search')}>
            Search
          </Button>
        </li>
        <li>
          <PeopleIcon size={20} />
          <div>
            <strong>Start a group.</strong> Give it a name and add people, now or later.
          </div>
          <Button variant="light" size="xs" onClick={() => pressShortcut('new')}>
            New
          </Button>
        </li>
        <li>
          <CommentDiscussionIcon size={20} />
          <div>
            <strong>Write on, also offline.</strong> What you write is kept, and sent once when you are back.
          </div>
          <Button variant="light" size="xs" onClick={showShortcuts}>
            Shortcuts
          </Button>
        </li>
      </ul>
    </div>
  );
}
