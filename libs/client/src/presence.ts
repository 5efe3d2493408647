import { LIMITS, type CommandInput, type CommandOutput, type PresenceView } from '@parley/contracts';
import { backoffMs } from './backoff.js';
import { callSafely, type Store } from './store.js';

const RECHECK_AFTER_MS = 500;

type PresenceCommand = 'presence:watch' | 'presence:unwatch' | 'presence:set';

export interface PresenceOptions {
  send<N extends PresenceCommand>(command: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
}

/**
 * Who is there. People are watched while somebody looks: the first subscriber to a person makes the
 * server tell of them, the last one ends it.
 */
export class Presence {
  private readonly views = new Map<string, PresenceView>();
  private readonly watchers = new Map<string, number>();
  private readonly stores = new Map<Set<() => void>, { ids: ReadonlySet<string>; forget(): void }>();
  /** Whom the server tells of, as far as is known. */
  private asked = new Set<string>();
  private recheckTimer: ReturnType<typeof setTimeout> | null = null;
  /** How often in a row a question was refused, or not answered. */
  private failures = 0;
  private planned = false;
  private isOnline = false;
  private isAway = false;

  constructor(private readonly options: PresenceOptions) {}

  /** The presence of these people; those who are not told about are missing. */
  of(userIds: readonly string[]): Store<ReadonlyMap<string, PresenceView>> {
    const ids = new Set(userIds);
    const listeners = new Set<() => void>();
    let snapshot: ReadonlyMap<string, PresenceView> | null = null;
    const compute = (): ReadonlyMap<string, PresenceView> =>
      new Map(
        [...ids].flatMap((id) => (this.views.has(id) ? [[id, this.views.get(id) as PresenceView] as const] : [])),
      );
    return {
      getSnapshot: () => (snapshot ??= compute()),
      subscribe: (listener) => {
        const own = (): void => listener();
        if (listeners.size === 0) {
          this.stores.set(listeners, { ids, forget: () => (snapshot = null) });
          snapshot = null;
          this.watch(ids, 1);
        }
        listeners.add(own);
        return () => {
          if (!listeners.delete(own) || listeners.size > 0) return;
          this.stores.delete(listeners);
          this.watch(ids, -1);
        };
      },
    };
  }

  hear(view: PresenceView): void {
    if (this.watchers.has(view.userId)) this.show([view]);
  }

  /** A new connection watches nobody yet, and counts as active. */
  start(): void {
    this.isOnline = true;
    this.failures = 0;
    this.asked = new Set();
    this.plan();
    if (this.isAway) this.setAway(true);
  }

  setAway(away: boolean): void {
    this.isAway = away;
    // Without a connection the next one says it.
    this.options.send('presence:set', { state: away ? 'away' : 'active' }).catch(() => undefined);
  }

  /** Nothing is told any more. */
  stop(): void {
    this.isOnline = false;
    if (this.recheckTimer !== null) clearTimeout(this.recheckTimer);
    this.recheckTimer = null;
  }

  /**
   * One may have come to share a conversation with somebody, or share none any more. The server ends a watch
   * without a word then, and begins none by itself; so everybody is asked for again, soon.
   */
  recheck(): void {
    this.askAllAgain(RECHECK_AFTER_MS);
  }

  clear(): void {
    this.stop();
    const ids = new Set(this.views.keys());
    this.views.clear();
    this.tell(ids);
  }

  private askAllAgain(afterMs: number): void {
    if (!this.isOnline || this.watchers.size === 0 || this.recheckTimer !== null) return;
    this.recheckTimer = setTimeout(() => {
      this.recheckTimer = null;
      this.asked = new Set();
      this.plan();
    }, afterMs);
  }

  private watch(ids: ReadonlySet<string>, change: 1 | -1): void {
    for (const id of ids) {
      const count = (this.watchers.get(id) ?? 0) + change;
      if (count > 0) this.watchers.set(id, count);
      else {
        this.watchers.delete(id);
        this.views.delete(id);
      }
    }
    this.plan();
  }

  /** What many subscriptions want in one turn is asked for at once. */
  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    queueMicrotask(() => {
      this.planned = false;
      if (this.isOnline) this.ask();
    });
  }

  private ask(): void {
    const now = new Set([...this.watchers.keys()].slice(0, LIMITS.presenceWatchMax));
    const added = [...now].filter((id) => !this.asked.has(id));
    const dropped = [...this.asked].filter((id) => !now.has(id));
    this.asked = now;
    // Whom the server goes on to tell of, nobody listens to.
    if (dropped.length > 0) this.options.send('presence:unwatch', { userIds: dropped }).catch(() => undefined);
    if (added.length === 0) return;
    this.options.send('presence:watch', { userIds: added }).then(
      ({ items }) => {
        this.failures = 0;
        const told = new Set(items.map(({ userId }) => userId));
        this.hide(added.filter((id) => !told.has(id)));
        this.show(items.filter(({ userId }) => this.watchers.has(userId)));
      },
      // A connection may outlive what made the question fail, a database that is busy for a moment.
      () => this.askAllAgain(backoffMs((this.failures += 1))),
    );
  }

  private hide(ids: readonly string[]): void {
    this.tell(new Set(ids.filter((id) => this.views.delete(id))));
  }

  private show(views: readonly PresenceView[]): void {
    for (const view of views) this.views.set(view.userId, view);
    this.tell(new Set(views.map(({ userId }) => userId)));
  }

  private tell(ids: ReadonlySet<string>): void {
    for (const [listeners, store] of [...this.stores]) {
      if (![...store.ids].some((id) => ids.has(id))) continue;
      store.forget();
      for (const listener of [...listeners]) callSafely(listener);
    }
  }
}
