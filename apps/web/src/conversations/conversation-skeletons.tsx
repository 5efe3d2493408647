import { Skeleton } from '@mantine/core';
import classes from './sidebar.module.css';

const WIDTHS = ['70%', '45%', '60%', '52%', '66%', '40%'];

/** The shape of the list, until it is there. */
export function ConversationSkeletons() {
  return (
    <div role="status" aria-label="Loading conversations">
      {WIDTHS.map((width) => (
        <div key={width} className={classes.skeleton} aria-hidden>
          <Skeleton circle height={40} />
          <div>
            <Skeleton height={10} width={width} />
            <Skeleton height={8} />
          </div>
        </div>
      ))}
    </div>
  );
}
