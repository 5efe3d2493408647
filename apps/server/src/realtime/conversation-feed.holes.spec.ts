import { jest } from '@jest/globals';
import { ConversationFeed, type PlacedChange } from './conversation-feed.js';

const CONVERSATION = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';

function change(seq: number, memberVersion = 1): PlacedChange {
  return { change: [], position: { conversationId: CONVERSATION, seq, memberVersion } };
}

/** Of a message that changed twice, the number of the first change has no row any more. */
describe('ConversationFeed, where numbers were replaced', () => {
  let told: PlacedChange[];
  let reads: [number, number][];
  /** What the database holds. */
  let stored: PlacedChange[];

  beforeEach(() => {
    jest.useFakeTimers();
    [told, reads, stored] = [[], [], []];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const delivered = (): number[] => told.map(({ position }) => position.seq);

  function feedAt(seq: number): ConversationFeed {
    return new ConversationFeed(
      {
        deliver: (placed) => told.push(placed),
        deliverLate: () => undefined,
        load: async (afterSeq, toSeq) => {
          reads.push([afterSeq, toSeq]);
          return stored.filter(({ position }) => position.seq > afterSeq && position.seq <= toSeq);
        },
        checkMembers: async () => ({ memberVersion: 2, members: new Set() }),
        failed: (error) => {
          throw error;
        },
        rested: () => undefined,
      },
      seq,
      1,
    );
  }

  it('passes numbers that were replaced, wherever they are', async () => {
    stored = [change(2), change(5)];
    const feed = feedAt(0);
    feed.expect(7);
    await jest.advanceTimersByTimeAsync(50);
    expect([delivered(), feed.delivered]).toEqual([[2, 5], 7]);
    feed.accept(change(8));
    expect(delivered()).toEqual([2, 5, 8]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reads).toEqual([[0, 7]]);
  });

  it('passes a long row of replaced numbers in parts', async () => {
    stored = [change(450)];
    const feed = feedAt(0);
    feed.expect(450);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reads).toHaveLength(3);
    expect(delivered()).toEqual([450]);
  });

  it('delivers what it has read and not what it had heard, which may be out of date', async () => {
    stored = [change(1), change(2)];
    const feed = feedAt(0);
    feed.accept(change(2));
    await jest.advanceTimersByTimeAsync(50);
    expect(told).toEqual(stored);
    expect(told[1]).toBe(stored[1]);
  });

  it('does not deliver what it had heard of a number that was replaced in the meantime', async () => {
    stored = [change(1), change(4)];
    const feed = feedAt(0);
    feed.accept(change(2));
    feed.accept(change(3));
    await jest.advanceTimersByTimeAsync(50);
    expect([delivered(), feed.delivered]).toEqual([[1], 3]);
    feed.accept(change(4));
    expect(delivered()).toEqual([1, 4]);
  });

  it('delivers once what it hears and reads at the same time', async () => {
    stored = [change(1), change(2, 2), change(4)];
    const feed = feedAt(0);
    feed.expect(4);
    await jest.advanceTimersByTimeAsync(49);
    jest.advanceTimersByTime(1);
    expect(feed.busy).toBe(true);
    for (const seq of [4, 3, 2, 1, 5]) feed.accept(change(seq, 2));
    await jest.advanceTimersByTimeAsync(0);
    expect(delivered()).toEqual([1, 2, 4, 5]);
  });

  it('keeps nothing of the numbers that it has passed', async () => {
    const feed = feedAt(0);
    // Of each three the first is lost, and all were replaced. It holds the others until it has read.
    for (let seq = 3; seq <= 3_600; seq += 3) {
      feed.accept(change(seq - 1));
      feed.accept(change(seq));
      await jest.advanceTimersByTimeAsync(50);
    }
    expect([delivered(), feed.delivered]).toEqual([[], 3_600]);
    feed.accept(change(3_602));
    feed.accept(change(3_601));
    expect(delivered()).toEqual([3_601, 3_602]);
  });
});
