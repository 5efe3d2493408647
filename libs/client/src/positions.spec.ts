import { jest } from '@jest/globals';
import { connectionFailed } from './errors.js';
import { Positions } from './positions.js';

const TEA = 'tea';

/** The server's side: what it was told, in order; it answers when the test says so. */
class Desk {
  readonly told: string[] = [];
  private readonly answers: { resolve(): void; reject(error: Error): void }[] = [];
  readonly positions = new Positions((command, conversationId, seq) => {
    this.told.push(`${command.replace('conversation:', '')} ${conversationId} ${seq}`);
    return new Promise<void>((resolve, reject) => this.answers.push({ resolve, reject }));
  });

  /** Answers the earliest command that waits. */
  async answer(): Promise<void> {
    this.answers.shift()?.resolve();
    await jest.advanceTimersByTimeAsync(0);
  }

  async fail(): Promise<void> {
    this.answers.shift()?.reject(connectionFailed());
    await jest.advanceTimersByTimeAsync(0);
  }
}

describe('positions', () => {
  let desk: Desk;

  beforeEach(() => {
    jest.useFakeTimers();
    desk = new Desk();
  });
  afterEach(() => {
    desk.positions.clear();
    jest.useRealTimers();
  });

  it('are told at once when something is read, one at a time, and of several only the highest', async () => {
    desk.positions.read(TEA, 1);
    expect(desk.told).toEqual(['read tea 1']);
    for (const seq of [2, 4, 3]) desk.positions.read(TEA, seq);
    expect(desk.told).toEqual(['read tea 1']);
    await desk.answer();
    expect(desk.told).toEqual(['read tea 1', 'read tea 4']);
    await desk.answer();
    expect(desk.told).toEqual(['read tea 1', 'read tea 4']);
  });

  it('of one conversation do not wait for those of another', () => {
    desk.positions.read(TEA, 1);
    desk.positions.read('coffee', 1);
    expect(desk.told).toEqual(['read tea 1', 'read coffee 1']);
  });

  it('of what was delivered within a second are told together', async () => {
    desk.positions.delivered(TEA, 1);
    await jest.advanceTimersByTimeAsync(500);
    desk.positions.delivered(TEA, 3);
    desk.positions.delivered(TEA, 2);
    desk.positions.delivered('coffee', 7);
    await jest.advanceTimersByTimeAsync(499);
    expect(desk.told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(desk.told).toEqual(['delivered tea 3', 'delivered coffee 7']);
    await desk.answer();
    await desk.answer();
    desk.positions.delivered(TEA, 4);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(desk.told).toEqual(['delivered tea 3', 'delivered coffee 7', 'delivered tea 4']);
  });

  it('are not told again, and lower ones not at all', async () => {
    desk.positions.read(TEA, 5);
    desk.positions.read(TEA, 4);
    await desk.answer();
    for (const seq of [5, 4]) desk.positions.read(TEA, seq);
    desk.positions.delivered(TEA, 6);
    await jest.advanceTimersByTimeAsync(1_000);
    await desk.answer();
    for (const seq of [6, 5]) desk.positions.delivered(TEA, seq);
    await jest.advanceTimersByTimeAsync(10_000);
    desk.positions.resume();
    expect(desk.told).toEqual(['read tea 5', 'delivered tea 6']);
  });

  it('that could not be told are told by the next connection', async () => {
    desk.positions.read(TEA, 2);
    await desk.fail();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(desk.told).toEqual(['read tea 2']);
    desk.positions.resume();
    expect(desk.told).toEqual(['read tea 2', 'read tea 2']);
    await desk.answer();
    desk.positions.resume();
    expect(desk.told).toEqual(['read tea 2', 'read tea 2']);
  });

  it('of another history, or of somebody else, say nothing about the next', async () => {
    desk.positions.read(TEA, 5);
    await desk.answer();
    desk.positions.read('coffee', 9);
    await desk.fail();
    desk.positions.delivered(TEA, 5);
    desk.positions.clear();
    await jest.advanceTimersByTimeAsync(10_000);
    desk.positions.resume();
    expect(desk.told).toEqual(['read tea 5', 'read coffee 9']);
    desk.positions.read(TEA, 3);
    expect(desk.told.at(-1)).toBe('read tea 3');
  });

  it('of another history do not count either when their answer comes later', async () => {
    desk.positions.read(TEA, 9);
    desk.positions.clear();
    await desk.answer();
    desk.positions.read(TEA, 3);
    expect(desk.told).toEqual(['read tea 9', 'read tea 3']);
  });
});
