import { Loader } from '@mantine/core';
import classes from './starting-page.module.css';

/** For the moment in which the storage is asked who is logged in. */
export function StartingPage() {
  return (
    <main className={classes.page} aria-busy="true">
      <Loader aria-label="Starting" />
    </main>
  );
}
