import { memoryStorage, ParleyClient, type Conversation, type TimelineSnapshot } from '@parley/client';
import type { MessageView } from '@parley/contracts';
import type { Person } from '../../support/people.js';
import { FaultBox } from './fault-box.js';

/**
 * A device of somebody: a client with its storage, behind a bad network. It looks at every timeline
 * whenever it changes, and notes what no timeline may ever show.
 */
export class Device {
  readonly box = new FaultBox();
  /** Every state of a message that was ever shown here. */
  readonly shown: MessageView[] = [];
  /** What was shown and may not be. */
  readonly oddities: string[] = [];
  client: ParleyClient;
  private readonly storage = memoryStorage();
  private conversationIds: readonly string[] = [];
  private stops: (() => void)[] = [];
  private resumed: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly owner: Person,
    private readonly url: string,
  ) {
    this.client = this.open();
  }

  async login(): Promise<void> {
    const { username, password } = this.owner;
    await this.client.login({ username, password });
  }

  /** Looks at these conversations from now on, after reloads too. */
  watch(conversationIds: readonly string[]): void {
    this.conversationIds = conversationIds;
    for (const stop of this.stops.splice(0)) stop();
    this.stops = conversationIds.map((id) => this.follow(this.client.conversation(id)));
  }

  /** The page is loaded anew: what is in the storage is all that is left. */
  reload(): void {
    this.close();
    this.client = this.open();
    this.watch(this.conversationIds);
    this.resumed = this.client.resume().then((hasSession) => {
      if (!hasSession) throw new Error(`${this.name} has lost its session`);
    });
    this.resumed.catch(() => undefined);
  }

  /** When the client knows who it is. */
  async ready(): Promise<void> {
    for (let before: Promise<void> | null = null; before !== this.resumed;) {
      before = this.resumed;
      await before;
    }
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.client.close();
  }

  get conversations(): Conversation[] {
    return this.conversationIds.map((id) => this.client.conversation(id));
  }

  /** The texts that are shown as failed. */
  failed(): string[] {
    return this.conversations.flatMap(({ timeline }) =>
      timeline.getSnapshot().messages.flatMap(({ status, clientId }) => (status === 'failed' ? [clientId] : [])),
    );
  }

  private open(): ParleyClient {
    return new ParleyClient({ url: this.url, storage: this.storage, wrapSocket: this.box.wrap });
  }

  private follow({ id, timeline }: Conversation): () => void {
    const seen = new Map<number, MessageView>();
    return timeline.subscribe(() => {
      const snapshot = timeline.getSnapshot();
      for (const oddity of oddities(snapshot, seen)) this.oddities.push(`${this.name}, ${id}: ${oddity}`);
      for (const message of snapshot.messages) {
        if (message.status !== 'sent') continue;
        const { status: _, ...view } = message;
        if (sameState(seen.get(view.seq), view)) continue;
        seen.set(view.seq, view);
        this.shown.push(view);
      }
    });
  }
}

/** What is wrong with a timeline, whatever happened; `seen` are the messages as they were shown before. */
function* oddities({ messages }: TimelineSnapshot, seen: ReadonlyMap<number, MessageView>): Generator<string> {
  const clientIds = new Set<string>();
  let last = 0;
  for (const message of messages) {
    const { clientId } = message;
    if (clientId !== null && clientIds.has(clientId)) yield `${message.body} is shown twice`;
    if (clientId !== null) clientIds.add(clientId);
    if (message.status !== 'sent') {
      last = Infinity;
      continue;
    }
    if (message.seq <= last) yield `${message.seq} is shown after ${last}`;
    last = message.seq;
    const before = seen.get(message.seq);
    if (before !== undefined && stateOf(before) > stateOf(message)) yield `${message.seq} is shown as it was before`;
  }
}

const stateOf = ({ changedSeq, seq }: MessageView): number => changedSeq ?? seq;

function sameState(one: MessageView | undefined, other: MessageView): boolean {
  return one !== undefined && stateOf(one) === stateOf(other);
}
