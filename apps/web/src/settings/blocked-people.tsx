import { Button, Text } from '@mantine/core';
import { useBlocked } from '../members/use-blocked.js';
import { client } from '../session/client.js';
import { showError } from '../shared/errors.js';
import classes from './settings-page.module.css';

/** Those whom one blocks, also when there is no conversation with them. */
export function BlockedPeople() {
  const { people, reload } = useBlocked();
  if (people === null || people.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {people === null ? 'Looking whom you block…' : 'You block nobody.'}
      </Text>
    );
  }
  return (
    <ul aria-label="Blocked people">
      {people.map(({ id, displayName, username }) => (
        <li key={id} className={classes.session}>
          <div>
            <p>
              <bdi>{displayName}</bdi>
            </p>
            <p>@{username}</p>
          </div>
          <Button
            size="xs"
            variant="default"
            aria-label={`Unblock ${displayName}`}
            onClick={() => void client.users.unblock(id).then(reload).catch(showError)}
          >
            Unblock
          </Button>
        </li>
      ))}
    </ul>
  );
}
