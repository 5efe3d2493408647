import type { FactMap, FactName, MessageView, SyncReply } from '@parley/contracts';
import type { History } from '../history/history.js';
import type { Observer } from '../history/history-event.js';
import { toMessage } from '../history/message.js';

/** The facts that have a place in a conversation. */
const PLACED: readonly FactName[] = [
  'message:sent',
  'message:changed',
  'conversation:changed',
  'conversation:joined',
  'conversation:left',
];

/** Writes down what one client is told, on which of its connections. */
export class Witness {
  private connections = 0;
  private isConnected = false;

  constructor(
    private readonly history: History,
    readonly client: string,
    readonly userId: string,
  ) {}

  /** Where this client observes things at the moment. */
  get observer(): Observer {
    return { client: this.client, userId: this.userId, connection: this.connections === 0 ? null : this.connections };
  }

  /** A new connection begins; what comes before the server is ready is observed as well. */
  opened(): void {
    this.connections += 1;
  }

  heard(fact: FactName, payload: unknown): void {
    if (fact === 'ready') {
      this.isConnected = true;
      this.history.record({ type: 'connected', ...this.observer });
    }
    if (fact === 'receipt:changed') this.heardReceipt(payload as FactMap['receipt:changed']);
    if (!PLACED.includes(fact)) return;
    const { conversationId, seq, message } = payload as { conversationId: string; seq: number; message?: MessageView };
    const seen = message === undefined ? null : toMessage(message);
    this.history.record({ type: 'told', fact, conversationId, seq, message: seen, ...this.observer });
  }

  private heardReceipt({ conversationId, userId, readSeq, deliveredSeq }: FactMap['receipt:changed']): void {
    const upTo = Math.max(readSeq ?? 0, deliveredSeq);
    this.history.record({ type: 'receipt', conversationId, memberId: userId, upTo, ...this.observer });
  }

  closed(): void {
    if (this.isConnected) this.history.record({ type: 'disconnected', ...this.observer });
    this.isConnected = false;
  }

  /** Messages of one conversation that were asked for. */
  read(conversationId: string, messages: readonly MessageView[]): void {
    this.history.record({ type: 'read', conversationId, messages: messages.map(toMessage), ...this.observer });
  }

  synced({ updates, conversations }: SyncReply): void {
    for (const { conversationId, messages } of updates) this.read(conversationId, messages);
    for (const { conversation, lastMessage } of conversations) {
      if (lastMessage !== null) this.read(conversation.id, [lastMessage]);
    }
  }
}
