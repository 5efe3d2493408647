import { Skeleton } from '@mantine/core';
import classes from './timeline-skeletons.module.css';

const LINES = ['62%', '38%', '75%', '50%', '30%'];

/** The shape of a conversation, until it is there. */
export function TimelineSkeletons() {
  return (
    <div role="status" aria-label="Loading messages" className={classes.list}>
      {LINES.map((width) => (
        <div key={width} className={classes.line} aria-hidden>
          <Skeleton circle height={40} />
          <div className={classes.text}>
            <Skeleton height={10} width={120} />
            <Skeleton height={12} width={width} />
          </div>
        </div>
      ))}
    </div>
  );
}
