import type { Role } from '@parley/contracts';

/** What can be done with another member. */
export type Offer = 'message' | 'make-admin' | 'make-member' | 'make-owner' | 'remove';

/** What is offered. The server decides; this keeps buttons away that it would refuse. */
export function listOffers(own: Role, theirs: Role): readonly Offer[] {
  const offers: Offer[] = ['message'];
  if (own === 'owner') offers.push(theirs === 'admin' ? 'make-member' : 'make-admin', 'make-owner');
  if (own === 'owner' || (own === 'admin' && theirs === 'member')) offers.push('remove');
  return offers;
}
