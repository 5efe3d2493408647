import { derivedStore, ValueStore } from './store.js';

describe('a store', () => {
  it('tells its listeners of changes, and of nothing else', () => {
    const store = new ValueStore(1);
    const heard: number[] = [];
    const stop = store.subscribe(() => heard.push(store.getSnapshot()));
    store.set(2);
    store.set(2);
    store.set(3);
    stop();
    store.set(4);
    expect(heard).toEqual([2, 3]);
  });

  it('counts each subscription by itself, also of the same function', () => {
    const store = new ValueStore(1);
    let calls = 0;
    const listener = (): void => void (calls += 1);
    const stop = store.subscribe(listener);
    store.subscribe(listener);
    stop();
    stop();
    store.set(2);
    expect(calls).toBe(1);
  });

  it('goes on when a listener throws', () => {
    const store = new ValueStore(1);
    const shown: unknown[] = [];
    const { error } = console;
    console.error = (...values: unknown[]) => void shown.push(values);
    store.subscribe(() => {
      throw new Error('of somebody else');
    });
    let heard = false;
    store.subscribe(() => (heard = true));
    store.set(2);
    console.error = error;
    expect(heard).toBe(true);
    expect(shown).toHaveLength(1);
  });

  it('that is derived shows the same object until a source has changed', () => {
    const [one, two] = [new ValueStore(1), new ValueStore(1)];
    const sum = derivedStore([one, two], () => ({ sum: one.getSnapshot() + two.getSnapshot() }));
    const before = sum.getSnapshot();
    expect(sum.getSnapshot()).toBe(before);
    let calls = 0;
    const stop = sum.subscribe(() => (calls += 1));
    expect(sum.getSnapshot()).toBe(before);
    two.set(2);
    expect(sum.getSnapshot()).toEqual({ sum: 3 });
    stop();
    one.set(5);
    expect(calls).toBe(1);
    expect(sum.getSnapshot()).toEqual({ sum: 7 });
  });
});
