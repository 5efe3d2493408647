import { Tooltip } from '@mantine/core';
import type { ReceiptView } from '@parley/contracts';
import { AlertIcon, CheckIcon, ClockIcon } from '@primer/octicons-react';
import { createContext, useContext } from 'react';
import { PeopleContext, type People } from '../shared/people.js';
import { toDelivery, type Delivery } from './delivery.js';
import classes from './delivery-mark.module.css';
import { useTimeline } from './timeline-context.js';

/** How far everybody has got in the conversation that is shown. */
export const ReceiptsContext = createContext<readonly ReceiptView[]>([]);

/** Whether one's own message has arrived, and with whom. */
export function DeliveryMark({ seq }: { seq: number }) {
  const { kind, ownId } = useTimeline();
  const people = useContext(PeopleContext);
  const delivery = toDelivery(seq, useContext(ReceiptsContext), ownId);
  return (
    <MarkIcon
      state={delivery.state}
      label={toLabel(delivery, kind === 'direct')}
      details={kind === 'direct' ? null : toNames(delivery, people)}
    />
  );
}

export interface MarkIconProps {
  state: Delivery['state'] | 'pending' | 'failed';
  label?: string;
  details?: string | null;
}

const LABELS = { pending: 'Pending', failed: 'Failed', sent: 'Sent', delivered: 'Delivered', read: 'Read' } as const;

export function MarkIcon({ state, label = LABELS[state], details = null }: MarkIconProps) {
  return (
    <Tooltip label={details ?? label} openDelay={200}>
      <span className={classes.mark} data-state={state} role="img" aria-label={label}>
        {state === 'pending' && <ClockIcon size={12} />}
        {state === 'failed' && <AlertIcon size={12} />}
        {(state === 'sent' || state === 'delivered' || state === 'read') && <CheckIcon size={12} />}
        {(state === 'delivered' || state === 'read') && <CheckIcon size={12} className={classes.second} />}
      </span>
    </Tooltip>
  );
}

function toLabel(delivery: Delivery, isDirect: boolean): string {
  return delivery.state === 'read' && !isDirect ? `Read by ${delivery.by.length}` : LABELS[delivery.state];
}

const NAMES_MAX = 10;

function toNames(delivery: Delivery, people: People): string | null {
  if (delivery.state !== 'read') return null;
  const names = delivery.by.slice(0, NAMES_MAX).map((id) => people.get(id)?.displayName ?? 'Somebody');
  const rest = delivery.by.length - names.length;
  return `Read by ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
