import { Button } from '@mantine/core';
import { CommentDiscussionIcon, PeopleIcon, SearchIcon } from '@primer/octicons-react';
import classes from './first-steps.module.css';
import { pressShortcut, showShortcuts } from './shortcuts.js';

/** What one can do who has no conversation yet. */
export function FirstSteps() {
  return (
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
  );
}
