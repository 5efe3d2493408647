import { HistoryStart } from './history-start.js';
import classes from './empty-timeline.module.css';

/** Nobody has said anything yet. */
export function EmptyTimeline() {
  return (
    <>
      <HistoryStart />
      <p className={classes.hint}>No messages yet. Say hello! 👋</p>
    </>
  );
}
