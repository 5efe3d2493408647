import { ParleyClient, ParleyError, type Conversation, type SocketLike, type TimelineMessage } from '@parley/client';
import { FACTS, type Ack, type MessageView, type SyncReply } from '@parley/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../../../support/people.js';
import type { ShownConversation, ShownState } from '../checker/evidence.js';
import type { History, Outcome } from '../history/history.js';
import type { Action } from '../history/history-event.js';
import { toMessage } from '../history/message.js';
import type { Change, Device, Text } from './device.js';
import { Witness } from './witness.js';

export interface TypedDeviceOptions {
  name: string;
  person: Person;
  app: { url: string };
  history: History;
}

/** A device with the typed client, which does by itself what a client has to do. */
export class TypedDevice implements Device {
  readonly name: string;
  readonly userId: string;
  private readonly client: ParleyClient;
  private readonly witness: Witness;
  private readonly history: History;
  private isClosed = false;

  private constructor({ name, person, app, history }: TypedDeviceOptions) {
    this.name = name;
    this.userId = person.id;
    this.history = history;
    this.witness = new Witness(history, name, person.id);
    this.client = new ParleyClient({ url: app.url, wrapSocket: (socket) => this.wrap(socket) });
  }

  static async login(options: TypedDeviceOptions): Promise<TypedDevice> {
    const device = new TypedDevice(options);
    const { username, password } = options.person;
    await device.client.login({ username, password });
    return device;
  }

  get isInStep(): boolean {
    return this.client.connection.getSnapshot().state === 'online';
  }

  known(conversationId: string): readonly MessageView[] {
    const { messages } = this.client.conversation(conversationId).timeline.getSnapshot();
    return messages.filter((message) => message.status === 'sent');
  }

  has(conversationId: string): boolean {
    return this.client.conversation(conversationId).summary.getSnapshot() !== null;
  }

  /** All at once; the client sends one after the other. Nobody repeats: that is the client's work. */
  async send(conversationId: string, texts: readonly Text[]): Promise<void> {
    await Promise.all(
      texts.map(async ({ body }) => {
        const { clientId, sent } = this.client.conversation(conversationId).send(body);
        const observer = { ...this.witness.observer, connection: null };
        const settle = this.history.invoke(observer, { kind: 'send', conversationId, clientId, body });
        settle(await outcomeOf(sent, 'for good'));
      }),
    );
  }

  async change(conversationId: string, change: Change): Promise<void> {
    const conversation = this.client.conversation(conversationId);
    await this.carryOut({ conversationId, ...change }, () => perform(conversation, change));
  }

  /** The client tells it when it can; nobody hears of an answer. */
  async markRead(conversationId: string, seq: number): Promise<void> {
    this.client.conversation(conversationId).markRead(seq);
  }

  async shown(): Promise<ShownState> {
    const conversations = this.client.conversations.getSnapshot().items.map(({ conversation }) => conversation.id);
    const shown = await Promise.all(conversations.map((id) => this.show(this.client.conversation(id))));
    return { client: this.name, userId: this.userId, conversations: shown };
  }

  close(): void {
    this.isClosed = true;
    this.client.close();
  }

  private async show(conversation: Conversation): Promise<ShownConversation> {
    const { timeline, summary } = conversation;
    while (timeline.getSnapshot().hasOlder) {
      await conversation.loadOlder().catch(() => pause(200));
    }
    const counts = summary.getSnapshot();
    return {
      conversationId: conversation.id,
      messages: timeline.getSnapshot().messages.flatMap((message) => (isSent(message) ? [toMessage(message)] : [])),
      counts: counts === null ? null : { unread: counts.unread, readSeq: counts.readSeq },
    };
  }

  private async carryOut(action: Action, work: () => Promise<MessageView>): Promise<void> {
    while (!this.isClosed) {
      const settle = this.history.invoke(this.witness.observer, action);
      const outcome = await outcomeOf(work());
      settle(outcome);
      if (outcome.type === 'ok' || (outcome.type === 'fail' && !outcome.isWorthRetrying)) return;
      await pause(300);
    }
  }

  /** Stands between the client and its socket, and only looks. */
  private wrap(socket: SocketLike): SocketLike {
    socket.on('connect', () => this.witness.opened());
    for (const fact of FACTS) socket.on(fact, (payload: never) => this.witness.heard(fact, payload));
    socket.on('disconnect', () => this.witness.closed());
    return {
      get connected() {
        return socket.connected;
      },
      on: (event, listener) => socket.on(event, listener),
      emit: (event, ...values) => socket.emit(event, ...values.map((value) => this.watchAnswer(event, value))),
      connect: () => socket.connect(),
      disconnect: () => socket.disconnect(),
    };
  }

  private watchAnswer(event: string, value: unknown): unknown {
    if (event !== 'sync' || typeof value !== 'function') return value;
    return (ack: Ack<SyncReply>): void => {
      if (ack.ok) this.witness.synced(ack.data);
      (value as (ack: Ack<SyncReply>) => void)(ack);
    };
  }
}

function perform(conversation: Conversation, change: Change): Promise<MessageView> {
  switch (change.kind) {
    case 'edit':
      return conversation.edit(change.seq, change.body);
    case 'delete':
      return conversation.delete(change.seq);
    case 'react':
      return conversation.react(change.seq, change.emoji);
    case 'unreact':
      return conversation.unreact(change.seq, change.emoji);
  }
}

const OPEN: readonly string[] = ['outcome_unknown', 'connection_failed', 'answer_missing'];

/** What the client's promise says. A text that the client gave up `for good` was refused for certain. */
async function outcomeOf(
  answer: Promise<MessageView>,
  forGood?: 'for good',
): Promise<Outcome & { isWorthRetrying?: boolean }> {
  try {
    return { type: 'ok', message: toMessage(await answer) };
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    const { code, retryable } = error;
    if (code === 'not_logged_in' || (forGood === undefined && OPEN.includes(code))) return { type: 'unknown', code };
    return { type: 'fail', code, isWorthRetrying: retryable };
  }
}

function isSent(message: TimelineMessage): message is Extract<TimelineMessage, { status: 'sent' }> {
  return message.status === 'sent';
}
