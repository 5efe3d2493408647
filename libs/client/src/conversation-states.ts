import type { ConversationState } from './conversation-state.js';
import { ValueStore, type Store } from './store.js';

/** The states of all conversations that the client knows, each in a store, and a word when any of them changes. */
export class ConversationStates {
  private readonly stores = new Map<string, ValueStore<ConversationState | null>>();
  private readonly changes = new ValueStore(0);

  get(id: string): ConversationState | null {
    return this.stores.get(id)?.getSnapshot() ?? null;
  }

  /** A store that is there before and after the conversation is known. */
  store(id: string): Store<ConversationState | null> {
    return this.open(id);
  }

  set(id: string, state: ConversationState | null): void {
    const store = this.open(id);
    if (store.getSnapshot() === state) return;
    store.set(state);
    this.changes.set(this.changes.getSnapshot() + 1);
  }

  /** Changes a state, if there is one. */
  update(id: string, change: (state: ConversationState) => ConversationState): void {
    const state = this.get(id);
    if (state !== null) this.set(id, change(state));
  }

  /** Those that are known, the latest activity first. */
  all(): ConversationState[] {
    return [...this.stores.values()].flatMap((store) => store.getSnapshot() ?? []).sort((a, b) => compare(b, a));
  }

  /** Counts the changes of all of them. */
  get version(): Store<number> {
    return this.changes;
  }

  clear(): void {
    for (const id of this.stores.keys()) this.set(id, null);
  }

  private open(id: string): ValueStore<ConversationState | null> {
    const existing = this.stores.get(id);
    if (existing !== undefined) return existing;
    const store = new ValueStore<ConversationState | null>(null);
    this.stores.set(id, store);
    return store;
  }
}

/** As the server lists them: by last activity, then by id. */
function compare({ summary: a }: ConversationState, { summary: b }: ConversationState): number {
  if (a.lastActivityAt !== b.lastActivityAt) return a.lastActivityAt < b.lastActivityAt ? -1 : 1;
  if (a.conversation.id === b.conversation.id) return 0;
  return a.conversation.id < b.conversation.id ? -1 : 1;
}
