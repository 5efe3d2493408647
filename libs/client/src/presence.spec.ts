import { jest } from '@jest/globals';
import { LIMITS, type PresenceState, type PresenceView } from '@parley/contracts';
import { connectionFailed } from './errors.js';
import { Presence } from './presence.js';
import type { Store } from './store.js';

type Asked = { userIds?: string[]; state?: string };

/** The server's side: what it was asked, and what it answers. */
class Desk {
  readonly asked: string[] = [];
  /** The states of those of whom it tells. */
  readonly states = new Map<string, PresenceState>();
  isReachable = true;
  readonly presence = new Presence({
    send: async (command: string, { userIds, state }: Asked) => {
      this.asked.push(`${command.replace('presence:', '')} ${userIds?.join(' ') ?? state}`);
      if (!this.isReachable) throw connectionFailed();
      const items = (userIds ?? []).flatMap((id) => (this.states.has(id) ? [this.view(id)] : []));
      return Promise.resolve(command === 'presence:watch' ? { items } : null);
    },
  });

  view(userId: string, state = this.states.get(userId) ?? 'offline'): PresenceView {
    return { userId, state, lastSeenAt: null };
  }
}

const shown = (store: Store<ReadonlyMap<string, PresenceView>>): string[] =>
  [...store.getSnapshot().values()].map(({ userId, state }) => `${userId} ${state}`);

const nothing = (): void => undefined;

describe('presence', () => {
  let desk: Desk;
  let presence: Presence;

  beforeEach(() => {
    // What belongs to one turn is found out by a microtask.
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    desk = new Desk();
    ({ presence } = desk);
    for (const id of ['ada', 'ben', 'cleo']) desk.states.set(id, 'active');
  });
  afterEach(() => {
    presence.clear();
    jest.useRealTimers();
  });

  /** Lets what was asked be answered. */
  const settle = async (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('is asked for again when the question was refused on a connection that lasts', async () => {
    presence.start();
    const store = presence.of(['ada']);
    store.subscribe(nothing);
    desk.isReachable = false;
    await settle();
    expect(shown(store)).toEqual([]);
    desk.isReachable = true;
    await settle(500);
    expect(desk.asked).toEqual(['watch ada', 'watch ada']);
    expect(shown(store)).toEqual(['ada active']);
  });

  it('is watched by the first who looks, and no longer after the last', async () => {
    presence.start();
    const stops = [presence.of(['ada']), presence.of(['ada', 'ben'])].map((store) => store.subscribe(nothing));
    await settle();
    expect(desk.asked).toEqual(['watch ada ben']);
    const again = presence.of(['ada']).subscribe(nothing);
    stops[0]?.();
    await settle();
    expect(desk.asked).toEqual(['watch ada ben']);
    stops[1]?.();
    await settle();
    expect(desk.asked).toEqual(['watch ada ben', 'unwatch ben']);
    again();
    again();
    await settle();
    expect(desk.asked).toEqual(['watch ada ben', 'unwatch ben', 'unwatch ada']);
  });

  it('of one store is watched once, however many subscribe to it', async () => {
    presence.start();
    const store = presence.of(['ada']);
    const stops = [store.subscribe(nothing), store.subscribe(nothing)];
    stops[0]?.();
    stops[0]?.();
    await settle();
    expect(desk.asked).toEqual(['watch ada']);
    stops[1]?.();
    await settle();
    expect(desk.asked).toEqual(['watch ada', 'unwatch ada']);
  });

  it('is asked for by one command, however many subscriptions one turn makes', async () => {
    presence.start();
    for (const id of ['ada', 'ben', 'cleo', 'ada']) presence.of([id]).subscribe(nothing);
    await settle();
    expect(desk.asked).toEqual(['watch ada ben cleo']);
  });

  it('is asked for when there is a connection, and by each connection anew', async () => {
    presence.of(['ada']).subscribe(nothing);
    await settle();
    expect(desk.asked).toEqual([]);
    presence.start();
    await settle();
    presence.stop();
    presence.start();
    await settle();
    expect(desk.asked).toEqual(['watch ada', 'watch ada']);
  });

  it('shows whom the server tells of, and nobody else', async () => {
    desk.states.delete('ben');
    presence.start();
    const store = presence.of(['ada', 'ben']);
    let changes = 0;
    store.subscribe(() => (changes += 1));
    expect(shown(store)).toEqual([]);
    await settle();
    expect(shown(store)).toEqual(['ada active']);
    expect(changes).toBe(1);
    expect(store.getSnapshot()).toBe(store.getSnapshot());
  });

  it('follows the facts about those who are watched', async () => {
    presence.start();
    const store = presence.of(['ada']);
    store.subscribe(nothing);
    await settle();
    presence.hear(desk.view('ada', 'away'));
    presence.hear(desk.view('cleo', 'away'));
    expect(shown(store)).toEqual(['ada away']);
    const cleos = presence.of(['cleo']);
    expect(shown(cleos)).toEqual([]);
  });

  it('asks again when people have come or gone, and hides those of whom it is not told any more', async () => {
    desk.states.delete('cleo');
    presence.start();
    const store = presence.of(['ada', 'ben', 'cleo']);
    store.subscribe(nothing);
    await settle();
    expect(shown(store)).toEqual(['ada active', 'ben active']);
    desk.states.delete('ada');
    desk.states.set('cleo', 'away');
    for (let times = 0; times < 5; times += 1) presence.recheck();
    await settle(500);
    expect(desk.asked).toEqual(['watch ada ben cleo', 'watch ada ben cleo']);
    expect(shown(store)).toEqual(['ben active', 'cleo away']);
    presence.recheck();
    await settle(500);
    expect(desk.asked).toHaveLength(3);
  });

  it('does not ask again without a connection, or for nobody', async () => {
    presence.start();
    presence.recheck();
    const stop = presence.of(['ada']).subscribe(nothing);
    await settle();
    presence.recheck();
    presence.stop();
    presence.recheck();
    await settle(10_000);
    stop();
    await settle();
    expect(desk.asked).toEqual(['watch ada']);
  });

  it('watches no more people than the server lets it, and the next when there is room', async () => {
    presence.start();
    const ids = Array.from({ length: LIMITS.presenceWatchMax + 1 }, (_, index) => `person${index}`);
    const stops = ids.map((id) => presence.of([id]).subscribe(nothing));
    await settle();
    expect(desk.asked).toEqual([`watch ${ids.slice(0, LIMITS.presenceWatchMax).join(' ')}`]);
    stops[0]?.();
    await settle();
    expect(desk.asked.slice(1)).toEqual(['unwatch person0', `watch person${LIMITS.presenceWatchMax}`]);
  });

  it('says on each connection that one is away, until one is not', async () => {
    presence.start();
    presence.setAway(true);
    presence.stop();
    presence.start();
    expect(desk.asked).toEqual(['set away', 'set away']);
    presence.stop();
    desk.isReachable = false;
    presence.setAway(false);
    desk.isReachable = true;
    presence.start();
    await settle();
    expect(desk.asked).toEqual(['set away', 'set away', 'set active']);
  });

  it('is forgotten when nobody is logged in any more', async () => {
    presence.start();
    const store = presence.of(['ada']);
    let changes = 0;
    store.subscribe(() => (changes += 1));
    await settle();
    presence.clear();
    expect(shown(store)).toEqual([]);
    expect(changes).toBe(2);
  });
});
