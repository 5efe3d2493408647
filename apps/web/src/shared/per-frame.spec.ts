import { localStore } from './local-store.js';
import { perFrame } from './per-frame.js';

describe('a store that changes once a frame', () => {
  const frames: (() => void)[] = [];
  const drawFrame = (): void => frames.splice(0).forEach((task) => task());
  const setUp = () => {
    const source = localStore(0);
    const store = perFrame(source, (task) => frames.push(task));
    const seen: number[] = [];
    const stop = store.subscribe(() => seen.push(store.getSnapshot()));
    return { source, store, seen, stop };
  };
  beforeEach(() => frames.splice(0));

  it('shows the first change at once, and of those that follow the last one, with the next frame', () => {
    const { source, store, seen } = setUp();
    [1, 2, 3].forEach((value) => source.set(value));
    expect(seen).toEqual([1]);
    expect(store.getSnapshot()).toBe(1);
    drawFrame();
    expect(seen).toEqual([1, 3]);
    source.set(4);
    expect(seen).toEqual([1, 3]);
    drawFrame();
    expect(seen).toEqual([1, 3, 4]);
  });

  it('shows a change at once after a frame without one', () => {
    const { source, seen } = setUp();
    source.set(1);
    drawFrame();
    expect(frames).toEqual([]);
    source.set(2);
    expect(seen).toEqual([1, 2]);
  });

  it('tells nobody when there is nothing new in the end', () => {
    const { source, seen } = setUp();
    [1, 2, 1].forEach((value) => source.set(value));
    drawFrame();
    expect(seen).toEqual([1]);
  });

  it('holds nothing back from whoever looks without following it', () => {
    const { source, store, stop } = setUp();
    source.set(1);
    stop();
    drawFrame();
    source.set(2);
    expect(store.getSnapshot()).toBe(2);
    expect(frames).toEqual([]);
  });
});
