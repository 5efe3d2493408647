import { listOffers } from './offers.js';

describe('what is offered for another member', () => {
  it('is everything to the owner', () => {
    expect(listOffers('owner', 'member')).toEqual(['message', 'make-admin', 'make-owner', 'remove']);
    expect(listOffers('owner', 'admin')).toEqual(['message', 'make-member', 'make-owner', 'remove']);
  });

  it('is to an admin the removal of those who lead nothing, and to others only a word', () => {
    expect(listOffers('admin', 'member')).toEqual(['message', 'remove']);
    expect(listOffers('admin', 'owner')).toEqual(['message']);
    expect(listOffers('member', 'member')).toEqual(['message']);
  });
});
