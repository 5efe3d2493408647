import type { HistoryEvent, Observer } from '../history/history-event.js';
import type { Message } from '../history/message.js';
import type { Evidence, StoredConversation } from './evidence.js';
import { Memberships } from './memberships.js';
import { operationsOf, type Operation } from './operations.js';

/** A message that somebody saw, when, and by which event. */
export interface Sighting {
  message: Message;
  observer: Observer;
  /** The number of the change that told of it; the message may be newer. */
  place: number;
  at: number;
  event: HistoryEvent;
}

/** The evidence as the rules read it: each part is worked out once. */
export class Case {
  readonly operations: readonly Operation[];
  readonly conversations: ReadonlyMap<string, StoredConversation>;
  readonly memberships: ReadonlyMap<string, Memberships>;
  readonly sightings: readonly Sighting[];
  private readonly stored = new Map<string, Message>();

  constructor(readonly evidence: Evidence) {
    this.operations = operationsOf(evidence.history);
    this.conversations = new Map(evidence.conversations.map((conversation) => [conversation.id, conversation]));
    this.memberships = new Map(evidence.conversations.map((one) => [one.id, new Memberships(one)]));
    this.sightings = [...sightingsIn(evidence, this.operations)];
    for (const { messages } of evidence.conversations) {
      for (const message of messages) this.stored.set(`${message.conversationId} ${message.seq}`, message);
    }
  }

  /** The message that the database has at this place. */
  at(conversationId: string, seq: number): Message | null {
    return this.stored.get(`${conversationId} ${seq}`) ?? null;
  }

  /** Every message of the database. */
  get messages(): Message[] {
    return this.evidence.conversations.flatMap(({ messages }) => [...messages]);
  }
}

function* sightingsIn({ history }: Evidence, operations: readonly Operation[]): Generator<Sighting> {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  for (const [at, event] of history.entries()) {
    if (event.type === 'told' && event.message !== null) {
      yield { message: event.message, observer: event, place: event.seq, at, event };
    } else if (event.type === 'read') {
      for (const message of event.messages) yield { message, observer: event, place: message.seq, at, event };
    } else if (event.type === 'ok' && event.message !== null) {
      const observer = byId.get(event.operation);
      if (observer !== undefined) yield { message: event.message, observer, place: event.message.seq, at, event };
    }
  }
}
