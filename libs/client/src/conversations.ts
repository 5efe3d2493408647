import type { ConversationSummary, ConversationView } from '@parley/contracts';
import type { ConversationStates } from './conversation-states.js';
import type { Conversation } from './conversation.js';
import type { Http } from './http.js';
import { derivedStore, type Store } from './store.js';
import type { SyncEngine } from './sync-engine.js';

export interface ConversationsSnapshot {
  /** By last activity, the latest first. */
  readonly items: readonly ConversationSummary[];
  /** Whether `loadMore` has more. */
  readonly hasMore: boolean;
  /** False until the list has been read for the first time. */
  readonly isLoaded: boolean;
}

/** One's conversations, as a list to subscribe to. */
export class ConversationList implements Store<ConversationsSnapshot> {
  readonly subscribe: Store<ConversationsSnapshot>['subscribe'];
  readonly getSnapshot: Store<ConversationsSnapshot>['getSnapshot'];

  constructor(
    private readonly http: Http,
    states: ConversationStates,
    private readonly engine: SyncEngine,
    private readonly open: (id: string) => Conversation,
  ) {
    const store = derivedStore([states.version, engine.list], () => ({
      items: states.all().map(({ summary }) => summary),
      ...engine.list.getSnapshot(),
    }));
    this.subscribe = store.subscribe;
    this.getSnapshot = store.getSnapshot;
  }

  /** Reads the next page of the list. */
  loadMore(): Promise<void> {
    return this.engine.loadMore();
  }

  /** The conversation with one person: the one there is, or a new one. @throws ParleyError `user_blocked` */
  createDirect(userId: string): Promise<Conversation> {
    return this.create({ kind: 'direct', memberIds: [userId] });
  }

  /** A group with oneself as owner. @throws ParleyError `user_not_found`, `user_blocked`, `validation_failed` */
  createGroup({ title, memberIds }: { title: string; memberIds: readonly string[] }): Promise<Conversation> {
    return this.create({ kind: 'group', title, memberIds });
  }

  private async create(input: object): Promise<Conversation> {
    const { id } = await this.http.ask<ConversationView>('POST', '/conversations', input);
    await this.engine.discover(id);
    return this.open(id);
  }
}
