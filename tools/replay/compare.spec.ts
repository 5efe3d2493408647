import { compareNumbers, compareSeen, type Difference, type Seen, type Sent } from './compare.js';

const SENT: readonly Sent[] = ['one', 'two', 'three', 'four'].map((body, index) => ({
  line: index + 1,
  clientId: `id of ${body}`,
  senderId: 'ada',
  body,
  seq: index + 2,
}));

const ALL = new Map(SENT.map((sent) => [sent.clientId, sent]));

const toSeen = ({ seq, clientId, senderId, body }: Sent): Seen => ({ seq: seq ?? 0, clientId, senderId, body });

/** Compares what a tampered listener saw with the first `expected` messages. */
function compare(tamper: (seen: Seen[]) => Seen[], expected = SENT): Difference[] {
  return compareSeen({ where: 'ben', expected, seen: tamper(SENT.map(toSeen)), sent: ALL });
}

const found = (differences: Difference[]): string[] => differences.map(({ kind, line }) => `${kind} ${line}`);

describe('the comparison', () => {
  it('finds nothing where everything is as it was sent', () => {
    expect(compare((seen) => seen)).toEqual([]);
  });

  it('finds a lost message', () => {
    expect(found(compare((seen) => seen.toSpliced(1, 1)))).toEqual(['missing 2']);
    expect(found(compare(() => []))).toEqual(['missing 1', 'missing 2', 'missing 3', 'missing 4']);
  });

  it('finds a repeated message, with its own number and with another', () => {
    expect(found(compare((seen) => [...seen, ...seen.slice(3)]))).toEqual(['repeated 4']);
    expect(found(compare((seen) => [...seen, ...seen.slice(3).map((message) => ({ ...message, seq: 9 }))]))).toEqual([
      'repeated 4',
    ]);
  });

  it('finds a reordered message', () => {
    expect(found(compare(([one, two, ...others]) => [two, one, ...others] as Seen[]))).toEqual(['reordered 1']);
  });

  it('finds messages whose numbers were exchanged', () => {
    const exchange = (seen: Seen[]): Seen[] =>
      seen.map((message, index) => ({ ...message, seq: [3, 2, 4, 5][index] ?? 0 }));
    expect(found(compare(exchange))).toEqual(['renumbered 1', 'reordered 2', 'renumbered 2']);
  });

  it('finds a changed text, one that became null and one that differs in normalization only', () => {
    for (const body of ['tvo', null, 'two\u0301', 'two ']) {
      const changed = compare((seen) => seen.map((message, index) => (index === 1 ? { ...message, body } : message)));
      expect(found(changed)).toEqual(['changed_text 2']);
    }
  });

  it('finds a wrong sender', () => {
    const changed = compare((seen) =>
      seen.map((message, index) => (index === 2 ? { ...message, senderId: 'cleo' } : message)),
    );
    expect(found(changed)).toEqual(['wrong_sender 3']);
  });

  it('finds what leaked to somebody who was absent', () => {
    expect(found(compare((seen) => seen, SENT.slice(0, 2)))).toEqual(['leaked 3', 'leaked 4']);
  });

  it('finds what somebody present missed, at each end of their stay', () => {
    expect(found(compare((seen) => seen.slice(2), SENT.slice(1)))).toEqual(['missing 2']);
    expect(found(compare((seen) => seen.slice(0, 2), SENT.slice(0, 3)))).toEqual(['missing 3']);
  });

  it('finds what is not of this log', () => {
    const foreign: Seen = { seq: 6, clientId: 'another', senderId: 'eve', body: 'psst' };
    expect(found(compare((seen) => [...seen, foreign]))).toEqual(['foreign null']);
    expect(found(compare((seen) => [...seen, { ...foreign, clientId: null }]))).toEqual(['foreign null']);
  });

  it('says what and where, without quoting whole novels', () => {
    const [difference] = compare((seen) =>
      seen.map((message) => ({ ...message, body: `${message.body}${'😀'.repeat(99)}` })),
    );
    expect(difference?.where).toBe('ben');
    expect(difference?.detail).toContain('"one" became "one');
    expect(difference?.detail.length).toBeLessThan(120);
  });
});

describe('the numbers of a conversation', () => {
  it('are 1, 2, 3 and so on', () => {
    expect(compareNumbers([1, 2, 3])).toEqual([]);
  });

  it('have no gap, no repetition and no other beginning', () => {
    expect(compareNumbers([1, 3]).map(({ detail }) => detail)).toEqual(['seq 3 follows 1']);
    expect(compareNumbers([1, 1, 2]).map(({ detail }) => detail)).toEqual(['seq 1 follows 1']);
    expect(compareNumbers([2]).map(({ detail }) => detail)).toEqual(['seq 2 follows 0']);
  });
});
