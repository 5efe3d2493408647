import { Combobox } from '@mantine/core';
import { Avatar } from '../shared/avatar.js';
import type { Candidate } from './find-mention.js';
import classes from './mention-option.module.css';

export function MentionOption({ candidate }: { candidate: Candidate }) {
  const { username, displayName, userId } = candidate;
  return (
    <Combobox.Option value={username} className={classes.option}>
      <Avatar id={userId ?? 'all'} name={displayName} size="sm" isGroup={userId === null} />
      <bdi className={classes.name}>{displayName}</bdi>
      <span className={classes.username}>@{username}</span>
    </Combobox.Option>
  );
}
