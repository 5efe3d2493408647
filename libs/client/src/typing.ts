import { LIMITS, type FactMap } from '@parley/contracts';
import { ValueStore, type Store } from './store.js';

const NOBODY: readonly string[] = [];

/** Who is typing where: what the server tells ends by itself, should the end get lost. */
export class Typing {
  private readonly stores = new Map<string, ValueStore<readonly string[]>>();
  private readonly ends = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly send: (command: 'typing:start' | 'typing:stop', conversationId: string) => Promise<unknown>,
  ) {}

  /** The ids of those who are typing in a conversation. */
  of(conversationId: string): Store<readonly string[]> {
    return this.open(conversationId);
  }

  hear({ conversationId, userId, typing }: FactMap['typing:changed']): void {
    const key = conversationId + userId;
    const store = this.open(conversationId);
    const others = store.getSnapshot().filter((id) => id !== userId);
    clearTimeout(this.ends.get(key));
    this.ends.delete(key);
    store.set(typing ? [...others, userId] : others.length === 0 ? NOBODY : others);
    if (!typing) return;
    const end = (): void => this.hear({ conversationId, userId, typing: false });
    this.ends.set(key, setTimeout(end, LIMITS.typingExpiresMs));
  }

  /** To be called with every key that is pressed; told as often as the server wants it. */
  start(conversationId: string): void {
    const now = Date.now();
    if (now - (this.toldAt.get(conversationId) ?? 0) < LIMITS.typingEveryMs) return;
    this.toldAt.set(conversationId, now);
    this.tell('typing:start', conversationId);
  }

  stop(conversationId: string): void {
    if (this.toldAt.delete(conversationId)) this.tell('typing:stop', conversationId);
  }

  clear(): void {
    for (const end of this.ends.values()) clearTimeout(end);
    this.ends.clear();
    this.toldAt.clear();
    for (const store of this.stores.values()) store.set(NOBODY);
  }

  private tell(command: 'typing:start' | 'typing:stop', conversationId: string): void {
    // Nobody misses it: it is about a moment that has passed.
    this.send(command, conversationId).catch(() => undefined);
  }

  private open(conversationId: string): ValueStore<readonly string[]> {
    const existing = this.stores.get(conversationId);
    if (existing !== undefined) return existing;
    const store = new ValueStore<readonly string[]>(NOBODY);
    this.stores.set(conversationId, store);
    return store;
  }
}
