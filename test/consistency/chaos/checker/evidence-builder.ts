import type { Action, HistoryEvent, Observer } from '../history/history-event.js';
import type { Message } from '../history/message.js';
import { check } from './checker.js';
import type { Evidence, StoredConversation, StoredMember } from './evidence.js';
import type { Rule } from './violation.js';

export const CONVERSATION = 'tea';

const QUIET: Evidence['processes'] = { exits: [], alarms: [], resources: [], unhandled: [] };

/** A text of ada's, as the database and everybody else have it. */
export function text(seq: number, changes: Partial<Message> = {}): Message {
  return {
    conversationId: CONVERSATION,
    seq,
    senderId: 'ada',
    clientId: `client id of ${seq}`,
    kind: 'text',
    body: `text ${seq}`,
    data: null,
    isDeleted: false,
    changedSeq: null,
    version: 1,
    reactions: [],
    ...changes,
  };
}

export function system(seq: number, data: Message['data']): Message {
  return text(seq, { kind: 'system', clientId: null, body: null, data });
}

/** The first message of the group, which ada has made with ben. */
export const CREATED = system(1, { event: 'group_created', title: 'Tea', userIds: ['ben'] });

export function member(userId: string, changes: Partial<StoredMember> = {}): StoredMember {
  return { userId, joinedSeq: 1, visibleFromSeq: 1, leftSeq: null, readSeq: 1, ...changes };
}

/** Histories as one writes them down by hand. */
export class HistoryBuilder {
  readonly events: HistoryEvent[] = [];
  private operations = 0;

  /** A send with its outcome, from one client of ada on her only connection. */
  send(message: Message, outcome: 'ok' | 'fail' | 'unknown' = 'ok', changes: Partial<Observer> = {}): this {
    const { conversationId, clientId, body } = message;
    const action: Action = { kind: 'send', conversationId, clientId: clientId ?? '', body: body ?? '' };
    return this.operation(action, outcome, message, changes);
  }

  operation(
    action: Action,
    outcome: 'ok' | 'fail' | 'unknown',
    message: Message | null = null,
    changes: Partial<Observer> = {},
  ): this {
    const operation = (this.operations += 1);
    this.events.push({ type: 'invoke', operation, action, ...observer('ada'), ...changes });
    if (outcome === 'ok') this.events.push({ type: 'ok', operation, message, duplicate: false });
    else this.events.push({ type: outcome, operation, code: 'service_unavailable' });
    return this;
  }

  connected(userId: string, connection = 1): this {
    this.events.push({ type: 'connected', ...observer(userId), connection });
    return this;
  }

  disconnected(userId: string, connection = 1): this {
    this.events.push({ type: 'disconnected', ...observer(userId), connection });
    return this;
  }

  told(userId: string, message: Message, seq = message.changedSeq ?? message.seq): this {
    const { conversationId } = message;
    const fact = message.changedSeq === null ? 'message:sent' : 'message:changed';
    this.events.push({ type: 'told', fact, conversationId, seq, message, ...observer(userId) });
    return this;
  }

  receipt(userId: string, upTo: number): this {
    this.events.push({
      type: 'receipt',
      conversationId: CONVERSATION,
      memberId: 'ada',
      upTo,
      ...observer(userId),
    });
    return this;
  }

  read(userId: string, ...messages: Message[]): this {
    this.events.push({ type: 'read', conversationId: CONVERSATION, messages, ...observer(userId), connection: null });
    return this;
  }
}

export function history(): HistoryBuilder {
  return new HistoryBuilder();
}

function observer(userId: string): Observer {
  return { client: `${userId}'s client`, userId, connection: 1 };
}

/** A group of ada and ben with these messages after its first. */
export function stored(messages: readonly Message[], changes: Partial<StoredConversation> = {}): StoredConversation {
  const all = [CREATED, ...messages];
  const lastSeq = Math.max(...all.map(({ seq, changedSeq }) => Math.max(seq, changedSeq ?? 0)));
  return {
    id: CONVERSATION,
    kind: 'group',
    lastSeq,
    messages: all,
    members: [member('ada'), member('ben')],
    ...changes,
  };
}

/** The rules that are broken by this, each once. */
export function broken(
  builder: HistoryBuilder,
  conversation: StoredConversation,
  rest: Partial<Pick<Evidence, 'clients' | 'processes'>> = {},
): Rule[] {
  const events = builder.events.map((event, index) => ({ at: index, ...event }));
  return brokenBy({ history: events, conversations: [conversation], clients: [], processes: QUIET, ...rest });
}

export function brokenBy(evidence: Evidence): Rule[] {
  return [...new Set(check(evidence).map(({ rule }) => rule))].sort();
}
