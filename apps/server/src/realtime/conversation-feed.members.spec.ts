import { jest } from '@jest/globals';
import type { Position } from '../events/fact.js';
import { ConversationFeed, type MemberCheck, type PlacedChange } from './conversation-feed.js';

const CONVERSATION = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';

function change(seq: number, position: Partial<Position> = {}): PlacedChange {
  return { change: [], position: { conversationId: CONVERSATION, seq, memberVersion: 1, ...position } };
}

/** Nothing is delivered while the room may hold somebody who has been removed (P6). */
describe('ConversationFeed, where people come and go', () => {
  let delivered: number[];
  /** The people who were allowed to join by a delivered change, by its seq. */
  let confirmed: Map<number, string[]>;
  let checks: Position[];
  let failures: number;
  /** What the database holds. */
  let stored: PlacedChange[];
  let members: MemberCheck;
  let isAway: boolean;
  /** Something that happens while a check is under way. */
  let duringCheck: (() => void) | null;

  beforeEach(() => {
    jest.useFakeTimers();
    delivered = [];
    confirmed = new Map();
    checks = [];
    failures = 0;
    stored = [];
    members = { memberVersion: 1, members: new Set() };
    isAway = false;
    duringCheck = null;
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function feedAt(seq: number, memberVersion: number): ConversationFeed {
    return new ConversationFeed(
      {
        deliver: ({ position }, allowed) => {
          delivered.push(position.seq);
          if (allowed !== undefined) confirmed.set(position.seq, [...allowed]);
        },
        deliverLate: () => undefined,
        load: async (afterSeq, toSeq) => {
          failWhileAway();
          return stored.filter(({ position: { seq } }) => seq > afterSeq && seq <= toSeq);
        },
        checkMembers: async (position) => {
          checks.push(position);
          failWhileAway();
          const answer = members;
          duringCheck?.();
          duringCheck = null;
          return answer;
        },
        failed: () => (failures += 1),
        rested: () => undefined,
      },
      seq,
      memberVersion,
    );
  }

  function failWhileAway(): void {
    if (isAway) throw new Error('The database is away');
  }

  it('takes a change of members that says who without asking', () => {
    const feed = feedAt(4, 1);
    feed.accept(change(5, { memberVersion: 2, joined: ['ben'] }));
    feed.accept(change(6, { memberVersion: 3, left: ['cleo'] }));
    feed.accept(change(7, { memberVersion: 3 }));
    expect(delivered).toEqual([5, 6, 7]);
    expect(checks).toEqual([]);
  });

  it('asks who belongs here before it delivers a change with an unexpected member version', async () => {
    members = { memberVersion: 4, members: new Set(['ada']) };
    const feed = feedAt(4, 1);
    feed.accept(change(5, { memberVersion: 3 }));
    expect(delivered).toEqual([]);
    await jest.advanceTimersByTimeAsync(0);
    expect(checks.map(({ seq }) => seq)).toEqual([5]);
    expect(delivered).toEqual([5]);
    feed.accept(change(6, { memberVersion: 4 }));
    expect(delivered).toEqual([5, 6]);
    expect(checks).toHaveLength(1);
  });

  it('delivers nothing while it cannot find out who belongs here', async () => {
    isAway = true;
    const feed = feedAt(4, 1);
    feed.accept(change(5, { memberVersion: 3 }));
    feed.accept(change(6, { memberVersion: 3 }));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(delivered).toEqual([]);
    expect(failures).toBeGreaterThan(1);
    isAway = false;
    members = { memberVersion: 3, members: new Set(['ada']) };
    stored = [change(5, { memberVersion: 3 }), change(6, { memberVersion: 3 })];
    await jest.advanceTimersByTimeAsync(1_000);
    expect(delivered).toEqual([5, 6]);
  });

  it('lets nobody join by a change that was read and who is not a member now', async () => {
    members = { memberVersion: 3, members: new Set(['ben']) };
    stored = [change(5, { memberVersion: 3, joined: ['ben', 'cleo'] }), change(6, { memberVersion: 3 })];
    const feed = feedAt(4, 1);
    feed.expect(6);
    await jest.advanceTimersByTimeAsync(50);
    expect(delivered).toEqual([5, 6]);
    expect(confirmed.get(5)).toEqual(['ben']);
  });

  it('asks who belongs here before a leaving that was read, as others may have left after it', async () => {
    members = { memberVersion: 3, members: new Set(['ada']) };
    // Ben's leaving made it version 2 and cleo's, which is not read yet, version 3: it is all read as of version 3.
    stored = [change(5, { memberVersion: 3, left: ['ben'] }), change(6, { memberVersion: 3 })];
    const feed = feedAt(4, 2);
    feed.expect(6);
    await jest.advanceTimersByTimeAsync(50);
    expect(checks.map(({ seq }) => seq)).toEqual([5]);
    expect([...confirmed.keys()]).toEqual([5]);
    expect(delivered).toEqual([5, 6]);
  });

  it('does not ask again about people who have not changed since it asked', async () => {
    members = { memberVersion: 3, members: new Set(['ada']) };
    stored = [5, 6, 7].map((seq) => change(seq, { memberVersion: 3 }));
    stored.push(change(8, { memberVersion: 3, left: ['ben'] }));
    const feed = feedAt(4, 1);
    feed.expect(8);
    await jest.advanceTimersByTimeAsync(50);
    expect(checks.map(({ seq }) => seq)).toEqual([5]);
    expect(delivered).toEqual([5, 6, 7, 8]);
  });

  it('asks about those who join by a change that was heard after it knew of later ones', async () => {
    members = { memberVersion: 4, members: new Set(['ada']) };
    stored = [change(5, { memberVersion: 4 })];
    const feed = feedAt(4, 1);
    feed.expect(5);
    await jest.advanceTimersByTimeAsync(50);
    feed.accept(change(6, { memberVersion: 3, joined: ['ben'] }));
    expect(delivered).toEqual([5, 6]);
    // Ben may have left again by the change that made it version 4, which is still to come.
    stored = [change(7, { memberVersion: 4 })];
    feed.expect(7);
    await jest.advanceTimersByTimeAsync(50);
    expect(checks.map(({ seq }) => seq)).toEqual([5, 7]);
  });

  it('asks again when somebody arrives of whom it is known only that they belonged here before', async () => {
    members = { memberVersion: 2, members: new Set(['ada']) };
    const feed = feedAt(4, 2);
    feed.arrive(1);
    feed.accept(change(5, { memberVersion: 2 }));
    expect(delivered).toEqual([]);
    await jest.advanceTimersByTimeAsync(0);
    feed.accept(change(6, { memberVersion: 2 }));
    expect(checks.map(({ seq }) => seq)).toEqual([5]);
    expect(delivered).toEqual([5, 6]);
  });

  it('asks once more when somebody arrives while it is asking, but not when the answer covers them', async () => {
    members = { memberVersion: 3, members: new Set(['ada']) };
    const feed = feedAt(4, 1);
    duringCheck = () => feed.arrive(2);
    feed.accept(change(5, { memberVersion: 3 }));
    await jest.advanceTimersByTimeAsync(0);
    expect([checks.length, delivered]).toEqual([2, [5]]);
    members = { memberVersion: 4, members: new Set(['ada']) };
    duringCheck = () => feed.arrive(4);
    feed.accept(change(6, { memberVersion: 4 }));
    await jest.advanceTimersByTimeAsync(0);
    expect([checks.length, delivered]).toEqual([3, [5, 6]]);
  });
});
