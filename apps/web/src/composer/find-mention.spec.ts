import { findCandidates, findMention, type Candidate } from './find-mention.js';

describe('the mention that is being typed', () => {
  it('begins with an @ at the beginning of a word', () => {
    expect(findMention('hello @ad', 9)).toEqual({ start: 6, query: 'ad' });
    expect(findMention('@', 1)).toEqual({ start: 0, query: '' });
    expect(findMention('(@ben', 5)).toEqual({ start: 1, query: 'ben' });
  });

  it('is none in an address, after a word, or where the caret has left it', () => {
    expect(findMention('ada@exam', 8)).toBeNull();
    expect(findMention('@ada and', 8)).toBeNull();
    expect(findMention('@ada', 0)).toBeNull();
  });

  it('goes on behind letters of any script', () => {
    expect(findMention('@Grü', 4)?.query).toBe('Grü');
  });
});

describe('those who may be meant', () => {
  const ada: Candidate = { userId: '1', username: 'countess', displayName: 'Ada Lovelace' };
  const ben: Candidate = { userId: '2', username: 'ben', displayName: 'Benjamin' };
  const benno: Candidate = { userId: '3', username: 'benno', displayName: 'Benno' };

  it('are found by username and by every word of the name', () => {
    expect(findCandidates([ada, ben], 'count')).toEqual([ada]);
    expect(findCandidates([ada, ben], 'love')).toEqual([ada]);
    expect(findCandidates([ada, ben], 'xyz')).toEqual([]);
  });

  it('are nobody any more when the name is complete, so that Enter sends', () => {
    expect(findCandidates([ada, ben], 'ben')).toEqual([]);
    expect(findCandidates([ben, benno], 'ben')).toEqual([ben, benno]);
  });
});
