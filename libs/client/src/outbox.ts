import type { MessageView } from '@parley/contracts';
import { backoffMs } from './backoff.js';
import { messageDiscarded, notLoggedIn, ParleyError, toParleyError } from './errors.js';
import type { KeyValueStorage } from './storage.js';
import { callSafely, ValueStore, type Store } from './store.js';

const PREFIX = 'parley:outbox:';

/** A text on its way to the server. */
export interface OutboxItem {
  readonly conversationId: string;
  /** Made before the first try and kept for every retry: the server stores it once. */
  readonly clientId: string;
  readonly body: string;
  readonly replyTo: number | null;
  readonly createdAt: string;
  /** The order in which texts are sent. */
  readonly order: number;
  readonly state: 'pending' | 'failed';
  /** Why it failed for good. */
  readonly error: ParleyError | null;
}

export interface OutboxOptions {
  storage: KeyValueStorage;
  send(item: OutboxItem): Promise<MessageView>;
  /** Called before the item goes. */
  onSent(message: MessageView): void;
}

/**
 * The texts that are not sent yet.
 *
 * Guarantee: a text is kept, in the storage too, until the server has stored it or refused it for good; it
 * is tried again and again with the same client id, and of one conversation one at a time, so texts arrive
 * in the order in which they were written. Accepted: two tabs with one storage may both send a text; the
 * server knows it by its client id. When the storage does not work, texts last as long as the page.
 * Covered by `outbox.spec.ts` and `test/client/connection.e2e-spec.ts`.
 *
 * Texts are kept for the person who wrote them: whoever logs in next finds their own, and no others.
 */
export class Outbox {
  private items: readonly OutboxItem[] = [];
  private readonly stores = new Map<string, ValueStore<readonly OutboxItem[]>>();
  private readonly settling = new Map<
    string,
    { resolve(message: MessageView): void; reject(error: ParleyError): void }
  >();
  /** The conversations in which a text is under way. */
  private readonly busy = new Set<string>();
  /** How often in a row sending failed in a conversation, and when it goes on there. */
  private readonly failures = new Map<string, number>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Texts of which no try has begun. */
  private readonly untried = new Set<string>();
  /** Who writes; null until it is known, and then texts are not stored yet. */
  private userId: string | null = null;
  private running = false;
  private lastOrder = 0;

  constructor(private readonly options: OutboxOptions) {}

  /** Takes up what an earlier page of this person has left. */
  async open(userId: string): Promise<void> {
    const { storage } = this.options;
    this.userId = userId;
    const keys = await storage.keys(this.prefix).catch(() => []);
    const texts = await Promise.all(keys.map((key) => storage.get(key).catch(() => null)));
    if (this.userId !== userId) return;
    const known = new Set(this.items.map(({ clientId }) => clientId));
    const stored = texts.flatMap((text) => toItems(text)).filter(({ clientId }) => !known.has(clientId));
    const highest = Math.max(0, ...stored.map(({ order }) => order));
    this.lastOrder = Math.max(this.lastOrder, highest + this.items.length);
    // What was written since the page was opened comes after all of it, whatever the clocks say.
    const own = this.items.map((item, index) => ({ ...item, order: Math.max(item.order, highest + 1 + index) }));
    own.forEach((item) => this.keep(item));
    this.items = [...stored, ...own].sort((a, b) => a.order - b.order);
    for (const id of new Set(stored.map(({ conversationId }) => conversationId))) this.changed(id);
  }

  /** The texts of a conversation, in the order in which they are sent. */
  of(conversationId: string): Store<readonly OutboxItem[]> {
    return this.storeOf(conversationId);
  }

  /** Puts a text behind those that wait; `sent` settles when it is stored, refused or discarded. */
  add(conversationId: string, body: string, replyTo: number | null): { item: OutboxItem; sent: Promise<MessageView> } {
    this.lastOrder = Math.max(this.lastOrder + 1, Date.now());
    const item: OutboxItem = {
      conversationId,
      clientId: crypto.randomUUID(),
      body,
      replyTo,
      createdAt: new Date().toISOString(),
      order: this.lastOrder,
      state: 'pending',
      error: null,
    };
    const sent = new Promise<MessageView>((resolve, reject) => {
      this.settling.set(item.clientId, { resolve, reject });
    });
    // Most never look at it: what became of the text is seen in the timeline.
    sent.catch(() => undefined);
    this.untried.add(item.clientId);
    this.items = [...this.items, item];
    this.keep(item);
    this.changed(conversationId);
    this.advance(conversationId);
    return { item, sent };
  }

  /** Tries a failed text again, behind the others. */
  retry(clientId: string): void {
    const item = this.find(clientId);
    if (item?.state !== 'failed') return;
    this.lastOrder = Math.max(this.lastOrder + 1, Date.now());
    const again: OutboxItem = { ...item, state: 'pending', error: null, order: this.lastOrder };
    this.items = [...this.items.filter((other) => other !== item), again];
    this.keep(again);
    this.changed(item.conversationId);
    this.advance(item.conversationId);
  }

  /** Gives up a text that failed, or that was never tried. One that was may have arrived. */
  discard(clientId: string): void {
    const item = this.find(clientId);
    if (item === undefined || (item.state !== 'failed' && !this.untried.has(clientId))) return;
    this.settling.get(clientId)?.reject(messageDiscarded());
    this.remove(item);
  }

  /** Begins to send, or goes on. */
  start(): void {
    this.stop();
    this.running = true;
    for (const id of new Set(this.items.map(({ conversationId }) => conversationId))) this.advance(id);
  }

  stop(): void {
    this.running = false;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.failures.clear();
  }

  /** One's own message came from the server: the text has arrived, whatever became of the answer. */
  confirm(message: MessageView): void {
    const item = message.clientId === null ? undefined : this.find(message.clientId);
    if (item?.conversationId === message.conversationId) this.done(item, message);
  }

  /** Nobody is logged in any more. What is stored stays for when this person comes back. */
  close(): void {
    this.stop();
    const items = this.items;
    this.items = [];
    this.userId = null;
    this.untried.clear();
    for (const waiting of this.settling.values()) waiting.reject(notLoggedIn());
    this.settling.clear();
    for (const { conversationId } of items) this.changed(conversationId);
  }

  /** The same, and what is stored of this person is deleted. */
  async clear(): Promise<void> {
    const { prefix } = this;
    const isSomebody = this.userId !== null;
    const { storage } = this.options;
    this.close();
    const keys = isSomebody ? await storage.keys(prefix).catch(() => []) : [];
    await Promise.all(keys.map((key) => storage.delete(key).catch(() => undefined)));
  }

  private advance(conversationId: string): void {
    if (!this.running || this.busy.has(conversationId) || this.timers.has(conversationId)) return;
    const next = this.items.find((item) => item.conversationId === conversationId && item.state === 'pending');
    if (next === undefined) return;
    this.busy.add(conversationId);
    void this.deliver(next).finally(() => {
      this.busy.delete(conversationId);
      this.advance(conversationId);
    });
  }

  private async deliver(item: OutboxItem): Promise<void> {
    this.untried.delete(item.clientId);
    try {
      this.done(item, await this.options.send(item));
      this.failures.delete(item.conversationId);
    } catch (cause) {
      const error = toParleyError(cause);
      if (error.retryable || error.code === 'not_logged_in') this.tryLater(item.conversationId, error);
      else this.fail(item, error);
    }
  }

  private tryLater(conversationId: string, { retryInMs }: ParleyError): void {
    const failures = (this.failures.get(conversationId) ?? 0) + 1;
    this.failures.set(conversationId, failures);
    const again = (): void => {
      this.timers.delete(conversationId);
      this.advance(conversationId);
    };
    if (this.running) this.timers.set(conversationId, setTimeout(again, retryInMs ?? backoffMs(failures)));
  }

  private done(item: OutboxItem, message: MessageView): void {
    if (this.find(item.clientId) === undefined) return;
    callSafely(() => this.options.onSent(message));
    this.settling.get(item.clientId)?.resolve(message);
    this.remove(item);
  }

  private fail({ clientId }: OutboxItem, error: ParleyError): void {
    const item = this.find(clientId);
    if (item === undefined) return;
    const failed: OutboxItem = { ...item, state: 'failed', error };
    this.items = this.items.map((other) => (other === item ? failed : other));
    this.keep(failed);
    this.settling.get(clientId)?.reject(error);
    this.settling.delete(clientId);
    this.changed(item.conversationId);
  }

  private remove({ clientId, conversationId }: OutboxItem): void {
    this.items = this.items.filter((item) => item.clientId !== clientId);
    this.settling.delete(clientId);
    this.untried.delete(clientId);
    if (this.userId !== null) void this.options.storage.delete(this.prefix + clientId).catch(() => undefined);
    this.changed(conversationId);
  }

  private keep({ error, ...item }: OutboxItem): void {
    if (this.userId === null) return;
    const kept = { ...item, error: error === null ? null : { code: error.code, message: error.message } };
    void this.options.storage.set(this.prefix + item.clientId, JSON.stringify(kept)).catch(() => undefined);
  }

  private get prefix(): string {
    return `${PREFIX}${this.userId}:`;
  }

  private find(clientId: string): OutboxItem | undefined {
    return this.items.find((item) => item.clientId === clientId);
  }

  private changed(conversationId: string): void {
    this.storeOf(conversationId).set(this.items.filter((item) => item.conversationId === conversationId));
  }

  private storeOf(conversationId: string): ValueStore<readonly OutboxItem[]> {
    const existing = this.stores.get(conversationId);
    if (existing !== undefined) return existing;
    const store = new ValueStore<readonly OutboxItem[]>([]);
    this.stores.set(conversationId, store);
    return store;
  }
}

/** What was kept of an item; nothing when it cannot be read. */
function toItems(text: string | null): OutboxItem[] {
  try {
    const kept = JSON.parse(text ?? 'null') as OutboxItem | null;
    if (typeof kept?.clientId !== 'string' || typeof kept.conversationId !== 'string') return [];
    const error = kept.error === null ? null : new ParleyError(kept.error.code, kept.error.message);
    return [{ ...kept, error }];
  } catch {
    return [];
  }
}
