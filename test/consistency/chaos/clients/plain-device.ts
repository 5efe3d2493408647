import type {
  Ack,
  CommandInput,
  CommandName,
  CommandOutput,
  FactMap,
  FactName,
  Farewell,
  MessagePage,
  MessageView,
} from '@parley/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Person } from '../../../support/people.js';
import type { ShownState } from '../checker/evidence.js';
import type { History } from '../history/history.js';
import type { Action } from '../history/history-event.js';
import { toMessage } from '../history/message.js';
import type { Random } from '../random.js';
import { ConversationCopies } from './conversation-copies.js';
import type { Change, Device, Text } from './device.js';
import { ofAck, unanswered, type Answer } from './outcome.js';
import { RestCaller } from './rest-caller.js';
import { Witness } from './witness.js';

const ANSWER_WITHIN_MS = 10_000;
const GAP_MS = 300;
const RETRY_MS = 200;

export interface PlainDeviceOptions {
  name: string;
  person: Person;
  app: { url: string };
  history: History;
  random: Random;
}

/**
 * A client that somebody might write with nothing but `socket.io-client` and `docs/protocol.md`. It lets
 * Socket.IO reconnect, keeps its own cursors, and asks `sync` after each `ready` and when a number is missing.
 * It has no minute between two routine syncs, so whatever is not told to it stays lost, and is found.
 */
export class PlainDevice implements Device {
  readonly name: string;
  readonly userId: string;
  private readonly socket: Socket;
  private readonly witness: Witness;
  private readonly copies: ConversationCopies;
  private isReady = false;
  private waitingForReady: (() => void)[] = [];
  private syncing: Promise<void> | null = null;
  private gapTimer: NodeJS.Timeout | null = null;
  private isClosed = false;
  /** What the server has said before it closed the connection. */
  private farewell: Farewell | null = null;
  private readonly random: Random;
  private readonly history: History;

  constructor({ name, person, app, history, random }: PlainDeviceOptions) {
    this.name = name;
    this.userId = person.id;
    this.random = random;
    this.history = history;
    this.witness = new Witness(history, name, person.id);
    const rest = new RestCaller(app, person.accessToken);
    this.copies = new ConversationCopies((id, before) => this.readPage(rest, id, before));
    this.socket = io(app.url, {
      auth: { token: person.accessToken },
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: 50,
      reconnectionDelayMax: 1_000,
      timeout: 5_000,
    });
    this.listen();
    this.socket.connect();
  }

  get isConnected(): boolean {
    return this.isReady;
  }

  get isInStep(): boolean {
    return this.isReady && this.syncing === null && this.gapTimer === null && !this.copies.areBehind;
  }

  known(conversationId: string): readonly MessageView[] {
    return this.copies.get(conversationId)?.shown ?? [];
  }

  has(conversationId: string): boolean {
    return this.copies.get(conversationId) !== undefined;
  }

  /** All at once, on one socket: their order is kept. */
  async send(conversationId: string, texts: readonly Text[]): Promise<void> {
    await this.ready();
    await Promise.all(
      texts.map(({ clientId, body }) =>
        this.carryOut({ kind: 'send', conversationId, clientId, body }, 'message:send', {
          conversationId,
          clientId,
          body,
        }),
      ),
    );
  }

  async change(conversationId: string, change: Change): Promise<void> {
    const { kind, ...input } = change;
    await this.carryOut({ conversationId, ...change }, COMMANDS[kind], { conversationId, ...input });
  }

  async markRead(conversationId: string, seq: number): Promise<void> {
    const position = { conversationId, seq };
    await this.carryOut({ kind: 'read', ...position }, 'conversation:read', position);
  }

  async shown(): Promise<ShownState> {
    await this.copies.complete();
    const conversations = this.copies.all().map(({ id, shown }) => ({
      conversationId: id,
      messages: shown.map(toMessage),
      counts: null,
    }));
    return { client: this.name, userId: this.userId, conversations };
  }

  /** Resolves when it is connected and has asked what it missed. */
  async caughtUp(): Promise<void> {
    await this.ready();
    await this.syncing;
  }

  /** Breaks the connection without a word, as a device does that loses its network. */
  drop(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.isClosed = true;
    if (this.gapTimer !== null) clearTimeout(this.gapTimer);
    this.socket.disconnect();
    this.wake();
  }

  private listen(): void {
    this.socket.on('connect', () => this.witness.opened());
    this.socket.onAny((fact: FactName, payload: unknown) => {
      this.witness.heard(fact, payload);
      this.hear(fact, payload as never);
    });
    this.socket.on('disconnect', () => {
      this.isReady = false;
      this.witness.closed();
      this.comeBack();
    });
    this.socket.on('connect_error', () => this.comeBack());
  }

  /** Socket.IO comes back by itself, but not when the server has closed the connection or refused it. */
  private comeBack(): void {
    const { farewell } = this;
    this.farewell = null;
    if (this.isClosed || this.socket.active || farewell?.mayReconnect === false) return;
    const ms = (farewell?.retryInMs ?? RETRY_MS) + this.random.between(0, RETRY_MS);
    setTimeout(() => {
      if (!this.isClosed && !this.socket.active) this.socket.connect();
    }, ms);
  }

  private hear<N extends FactName>(fact: N, payload: FactMap[N]): void {
    if (fact === 'ready') {
      this.isReady = true;
      this.wake();
      void this.sync();
      return;
    }
    if (fact === 'session:ended' || fact === 'server:draining') this.farewell = payload as Farewell;
    if (this.copies.hear(fact, payload) === 'missing') this.awaitMissing();
  }

  /** Gives what is missing a moment to come by itself, and asks when it does not. */
  private awaitMissing(): void {
    if (this.isClosed) return;
    this.gapTimer ??= setTimeout(
      () => {
        this.gapTimer = null;
        if (this.copies.areBehind) void this.sync();
      },
      GAP_MS + this.random.between(0, 100),
    );
  }

  /**
   * One sync at a time; what fails is asked again, on this connection or after the next `ready`. What was
   * found to be missing after the last question of a sync is not in its answers, so it looks once more.
   */
  private sync(): Promise<void> {
    this.syncing ??= this.askUntilDone().finally(() => {
      this.syncing = null;
      if (this.copies.areBehind) this.awaitMissing();
    });
    return this.syncing;
  }

  private async askUntilDone(): Promise<void> {
    for (let more = true; more && !this.isClosed;) {
      await this.ready();
      const answer = await this.command('sync', this.copies.question());
      if (answer.data !== null) {
        this.witness.synced(answer.data);
        await this.copies.take(answer.data);
        more = answer.data.more;
      } else await pause(this.random.between(100, 400));
    }
  }

  private async readPage(rest: RestCaller, id: string, before: number): Promise<MessagePage | 'gone' | 'later'> {
    const answer = await rest.ask<MessagePage>('GET', `/conversations/${id}/messages?before=${before}&limit=100`);
    if (answer.data !== null) this.witness.read(id, answer.data.items);
    if (answer.data !== null) return answer.data;
    return answer.isWorthRetrying ? 'later' : 'gone';
  }

  /** Until it gets an ok, or an error that says not to try again. */
  private async carryOut<N extends CommandName>(action: Action, name: N, input: CommandInput<N>): Promise<void> {
    while (!this.isClosed) {
      await this.ready();
      const settle = this.history.invoke(this.witness.observer, action);
      const answer = await this.command(name, input);
      settle(answer.outcome);
      if (answer.data !== null && typeof answer.data === 'object' && 'senderId' in answer.data) {
        this.copies.get(action.conversationId)?.merge(answer.data);
      }
      if (!answer.isWorthRetrying) return;
      await pause(this.random.between(100, 400));
    }
  }

  private async command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Answer<CommandOutput<N>>> {
    try {
      const ack = (await this.socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, input)) as Ack<CommandOutput<N>>;
      return ofAck(ack);
    } catch {
      return unanswered('answer_missing');
    }
  }

  private async ready(): Promise<void> {
    while (!this.isReady && !this.isClosed) await new Promise<void>((resolve) => this.waitingForReady.push(resolve));
  }

  private wake(): void {
    for (const go of this.waitingForReady.splice(0)) go();
  }
}

const COMMANDS = {
  edit: 'message:edit',
  delete: 'message:delete',
  react: 'reaction:add',
  unreact: 'reaction:remove',
} as const;
