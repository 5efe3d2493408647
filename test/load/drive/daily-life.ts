import { pick } from '../people/deal.js';
import type { Conversation, Person } from '../people/population.js';
import type { ChatClient } from './chat-client.js';
import { openLoop, type Loop } from './loops.js';

/** What happens each second in a place where many talk. */
export interface Pace {
  messagesPerSecond: number;
  /** Messages before which their sender is seen typing. */
  typingShare: number;
  /** Deliveries looked at after which the receiver says that it was read. */
  readShare: number;
  /** People who go away or come back to their screens. */
  presencePerSecond: number;
  /** Everybody asks what they missed once in so many seconds. */
  syncEverySeconds: number;
  /** Everybody shows a new access token once in so many seconds. */
  tokenEverySeconds: number;
}

/** What a client needs to know of its server beside its own conversations. */
export interface Credentials {
  tokenOf(person: Person): string;
  epoch: string;
}

/** So many people of one's conversations are watched. */
const WATCHED_MAX = 20;
const ARRIVALS_PER_SECOND = 200;

interface Fact {
  conversationId: string;
  seq: number;
}

/** Lets people talk as they do: some write, others are seen typing, read, go away and come back. */
export class DailyLife {
  private readonly byUser: ReadonlyMap<string, ChatClient>;
  /** The latest number that was looked at in each conversation. */
  private readonly heads = new Map<string, number>();

  constructor(
    private readonly clients: readonly ChatClient[],
    private readonly conversations: readonly Conversation[],
    private readonly credentials: Credentials,
  ) {
    this.byUser = new Map(clients.map((client) => [client.person.userId, client]));
  }

  /** Everybody watches some of those they talk to, at a pace at which people arrive. */
  async watch(): Promise<void> {
    const people = new Map(this.conversations.map(({ id, members }) => [id, members]));
    const waiting = this.clients.values();
    await new Promise<void>((resolve) => {
      const loop = openLoop(ARRIVALS_PER_SECOND, () => {
        const { value: client } = waiting.next();
        if (client === undefined) {
          loop.stop();
          resolve();
          return;
        }
        const others = client.person.conversationIds.flatMap((id) => people.get(id) ?? []);
        const userIds = [...new Set(others.map(({ userId }) => userId))].slice(0, WATCHED_MAX);
        client.command('presence:watch', { userIds });
      });
    });
  }

  begin(pace: Pace): Loop {
    for (const client of this.clients) client.onSampled = (reader, fact) => this.read(reader, fact, pace.readShare);
    const each = this.clients.length;
    const loops = [
      openLoop(pace.messagesPerSecond, () => this.say(pace.typingShare)),
      openLoop(pace.presencePerSecond, () => {
        pick(this.clients).command('presence:set', { state: Math.random() < 0.5 ? 'away' : 'active' });
      }),
      openLoop(
        each / pace.syncEverySeconds,
        this.byTurns((client) => this.sync(client)),
      ),
      openLoop(
        each / pace.tokenEverySeconds,
        this.byTurns((client) => this.refresh(client)),
      ),
    ];
    return {
      stop: () => {
        for (const client of this.clients) client.onSampled = null;
        for (const loop of loops) loop.stop();
      },
    };
  }

  private say(typingShare: number): void {
    const conversation = pick(this.conversations);
    const client = this.byUser.get(pick(conversation.members).userId);
    if (Math.random() < typingShare) client?.command('typing:start', { conversationId: conversation.id });
    client?.send(conversation);
  }

  private read(client: ChatClient, fact: string, readShare: number): void {
    const [, { conversationId, seq }] = JSON.parse(fact) as [string, Fact];
    this.heads.set(conversationId, Math.max(seq, this.heads.get(conversationId) ?? 0));
    if (Math.random() < readShare) client.command('conversation:read', { conversationId, seq });
  }

  private sync(client: ChatClient): void {
    const { conversationIds } = client.person;
    const cursors = Object.fromEntries(conversationIds.map((id) => [id, this.heads.get(id) ?? 0]));
    client.command('sync', { epoch: this.credentials.epoch, cursors });
  }

  private refresh(client: ChatClient): void {
    client.command('auth:refresh', { accessToken: this.credentials.tokenOf(client.person) });
  }

  private byTurns(act: (client: ChatClient) => void): () => void {
    let turn = 0;
    return () => {
      const client = this.clients[turn % this.clients.length];
      turn += 1;
      if (client !== undefined) act(client);
    };
  }
}
