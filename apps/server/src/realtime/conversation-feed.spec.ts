import { jest } from '@jest/globals';
import { ConversationFeed, type PlacedChange } from './conversation-feed.js';

const CONVERSATION = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';
const TIMING = { gapMs: 50, retryMs: 500 };

describe('ConversationFeed', () => {
  let delivered: number[];
  let late: number[];
  let reads: [number, number][];
  let failures: number;
  let rests: number;
  /** What the database holds. */
  let stored: PlacedChange[];
  let readFails: boolean;
  let deliveryFails: boolean;

  beforeEach(() => {
    jest.useFakeTimers();
    delivered = [];
    late = [];
    reads = [];
    failures = 0;
    rests = 0;
    stored = [];
    readFails = false;
    deliveryFails = false;
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function change(seq: number): PlacedChange {
    return { change: [], position: { conversationId: CONVERSATION, seq, memberVersion: 1 } };
  }

  function feedAt(seq: number): ConversationFeed {
    return new ConversationFeed(
      {
        deliver: ({ position }) => {
          if (deliveryFails) throw new Error('Not told');
          delivered.push(position.seq);
        },
        deliverLate: ({ position }) => late.push(position.seq),
        load: async (afterSeq, toSeq) => {
          reads.push([afterSeq, toSeq]);
          if (readFails) throw new Error('The database is away');
          return stored.filter(({ position: { seq } }) => seq > afterSeq && seq <= toSeq);
        },
        checkMembers: async () => {
          throw new Error('Nobody came or went');
        },
        failed: () => (failures += 1),
        rested: () => (rests += 1),
      },
      seq,
      1,
      TIMING,
    );
  }

  it('delivers the next change at once', () => {
    const feed = feedAt(4);
    feed.accept(change(5));
    feed.accept(change(6));
    expect(delivered).toEqual([5, 6]);
  });

  it('delivers a repeated change once, and hands it on as late', () => {
    const feed = feedAt(4);
    feed.accept(change(5));
    feed.accept(change(5));
    feed.accept(change(3));
    expect(delivered).toEqual([5]);
    expect(late).toEqual([5, 3]);
  });

  it('holds a change that came too early until the missing one comes, without reading', async () => {
    const feed = feedAt(0);
    feed.accept(change(3));
    feed.accept(change(2));
    expect(delivered).toEqual([]);
    feed.accept(change(1));
    expect(delivered).toEqual([1, 2, 3]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reads).toEqual([]);
  });

  it('reads what has not come after a moment, and delivers it in its place', async () => {
    stored = [change(1), change(2), change(3)];
    const feed = feedAt(0);
    feed.accept(change(3));
    await jest.advanceTimersByTimeAsync(49);
    expect(reads).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(reads).toEqual([[0, 3]]);
    expect(delivered).toEqual([1, 2, 3]);
  });

  it('goes on live after a repair', async () => {
    stored = [change(1), change(2)];
    const feed = feedAt(0);
    feed.accept(change(2));
    await jest.advanceTimersByTimeAsync(50);
    feed.accept(change(3));
    expect(delivered).toEqual([1, 2, 3]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reads).toHaveLength(1);
  });

  it('finds a lost last change when it is told that it exists', async () => {
    stored = [change(1)];
    const feed = feedAt(0);
    feed.expect(1);
    await jest.advanceTimersByTimeAsync(50);
    expect(delivered).toEqual([1]);
  });

  it('says when it has delivered what it had to read', async () => {
    stored = [change(1), change(2)];
    const feed = feedAt(0);
    feed.accept(change(2));
    await jest.advanceTimersByTimeAsync(49);
    expect(rests).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect([rests, feed.busy]).toEqual([1, false]);
  });

  it('goes on after a delivery that failed', () => {
    const feed = feedAt(0);
    deliveryFails = true;
    feed.accept(change(1));
    deliveryFails = false;
    feed.accept(change(2));
    expect([delivered, failures]).toEqual([[2], 1]);
  });

  it('reads a long gap in parts', async () => {
    stored = Array.from({ length: 450 }, (_, index) => change(index + 1));
    const feed = feedAt(0);
    feed.expect(450);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reads).toEqual([
      [0, 200],
      [200, 400],
      [400, 450],
    ]);
    expect(delivered).toEqual(stored.map(({ position }) => position.seq));
  });

  it('stands still while the database is away, and goes on afterwards', async () => {
    stored = [change(1), change(2), change(3)];
    readFails = true;
    const feed = feedAt(0);
    feed.accept(change(2));
    await jest.advanceTimersByTimeAsync(50);
    expect(failures).toBe(1);
    expect(delivered).toEqual([]);
    readFails = false;
    feed.accept(change(3));
    await jest.advanceTimersByTimeAsync(500);
    expect(delivered).toEqual([1, 2, 3]);
  });

  it('delivers nothing after it was closed, not even what is being read', async () => {
    stored = [change(1), change(2)];
    const feed = feedAt(0);
    feed.accept(change(2));
    await jest.advanceTimersByTimeAsync(49);
    jest.advanceTimersByTime(1);
    feed.close();
    feed.accept(change(1));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(delivered).toEqual([]);
  });

  it('keeps the order and leaves out nothing but what was replaced, whatever the bus does', async () => {
    for (let round = 0; round < 50; round += 1) {
      delivered = [];
      const happened = Array.from({ length: 40 }, (_, index) => change(index + 1));
      stored = happened.filter(() => Math.random() < 0.8);
      const feed = feedAt(0);
      const heard = happened
        .filter(() => Math.random() < 0.8)
        .flatMap((placed) => (Math.random() < 0.3 ? [placed, placed] : [placed]));
      for (const placed of heard.sort(() => Math.random() - 0.5)) {
        feed.accept(placed);
        if (Math.random() < 0.2) await jest.advanceTimersByTimeAsync(30);
      }
      feed.expect(40);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(delivered).toEqual([...new Set(delivered)].sort((a, b) => a - b));
      expect(delivered).toEqual(expect.arrayContaining(stored.map(({ position }) => position.seq)));
      expect(feed.delivered).toBe(40);
    }
  });
});
