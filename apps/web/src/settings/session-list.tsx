import { Alert, Badge, Button, Skeleton } from '@mantine/core';
import type { SessionView } from '@parley/contracts';
import { useCallback, useEffect, useState } from 'react';
import { client } from '../session/client.js';
import { showError, toSentence } from '../shared/errors.js';
import { toDay, toTime } from '../shared/times.js';
import { toDevice } from './to-device.js';
import classes from './settings-page.module.css';

type Loaded = { sessions: readonly SessionView[] } | { error: unknown } | null;

/** Where this person is logged in. */
export function SessionList() {
  const [loaded, setLoaded] = useState<Loaded>(null);
  const load = useCallback(
    () =>
      client.listSessions().then(
        (sessions) => setLoaded({ sessions }),
        (error: unknown) => setLoaded({ error }),
      ),
    [],
  );
  useEffect(() => {
    void load();
  }, [load]);

  if (loaded === null) return <Skeleton height={64} aria-label="Loading sessions" role="status" />;
  if ('error' in loaded) {
    return (
      <Alert color="red" role="alert">
        {toSentence(loaded.error)}{' '}
        <Button size="compact-xs" variant="default" onClick={() => void load()}>
          Try again
        </Button>
      </Alert>
    );
  }
  const revoke = (id: string): void => void client.revokeSession(id).then(load).catch(showError);
  return (
    <ul aria-label="Sessions">
      {loaded.sessions.map((session) => (
        <SessionLine key={session.id} session={session} onRevoke={() => revoke(session.id)} />
      ))}
    </ul>
  );
}

function SessionLine({ session, onRevoke }: { session: SessionView; onRevoke: () => void }) {
  const { userAgent, ip, lastUsedAt, current } = session;
  const device = toDevice(userAgent);
  return (
    <li className={classes.session}>
      <div>
        <p title={userAgent ?? undefined}>{device}</p>
        <p>
          {ip === null ? '' : `${ip} · `}last used {toDay(lastUsedAt)}, {toTime(lastUsedAt)}
        </p>
      </div>
      {current ? (
        <Badge variant="light" className={classes.badge}>
          This device
        </Badge>
      ) : (
        <Button size="xs" variant="default" aria-label={`Log out ${device}`} onClick={onRevoke}>
          Log out
        </Button>
      )}
    </li>
  );
}
