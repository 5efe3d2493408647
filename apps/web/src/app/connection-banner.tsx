import { Button } from '@mantine/core';
import { CloudOfflineIcon } from '@primer/octicons-react';
import { useEffect, useState } from 'react';
import { client } from '../session/client.js';
import { useStore } from '../shared/use-store.js';
import classes from './connection-banner.module.css';

/** A short break of the connection is nobody's business. */
const QUIET_MS = 1_500;

/** Says quietly that the server is away, and what that means. It is empty otherwise. */
export function ConnectionBanner() {
  const { state, reason } = useStore(client.connection);
  const isLate = useIsLate(state !== 'online');
  const isFirst = reason === null;
  const shows = state !== 'online' && isLate;
  return (
    <div role="status" aria-label="Connection" className={classes.banner} data-shown={shows || undefined}>
      {shows && (
        <>
          <CloudOfflineIcon />
          <span className={classes.text}>
            {isFirst
              ? 'Connecting…'
              : state === 'connecting'
                ? 'Reconnecting…'
                : 'Offline. What you write is sent when you are back.'}
          </span>
          {state === 'offline' && (
            <Button size="compact-xs" variant="default" onClick={() => client.reconnect()}>
              Try now
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** Whether something has been so for a while. */
function useIsLate(isSo: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(isSo), isSo ? QUIET_MS : 0);
    return () => clearTimeout(timer);
  }, [isSo]);
  return isSo && isLate;
}
