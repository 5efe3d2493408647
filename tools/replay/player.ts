import type { CommandInput, MessagePage, MessageView, Problem, SentMessageView } from '@parley/contracts';
import type { Account } from './account.js';
import { RefusedError, UnreachableError, type Api } from './api.js';
import type { Seen } from './compare.js';
import { Connection, type Ending } from './connection.js';
import { Gate } from './gate.js';
import type { HeardMessages } from './recording.js';
import { Recording } from './recording.js';
import { pauseBefore, wait } from './wait.js';

/** A timer may fire a little early, and then the token would not be due. */
const TIMER_SLACK_MS = 50;
/** A connection that breaks while it settles is tried again, but not for ever. */
const SETTLE_ATTEMPTS = 5;

export type SendOutcome = { message: SentMessageView } | { refused: Problem };

/** What all players share. */
export interface Company {
  api: Api;
  heard: HeardMessages;
  /** The group, once there is one. */
  conversationId: string | null;
  /** Somebody heard a message live. */
  onDelivery(message: MessageView): void;
  /** Somebody is back after their connection broke. */
  onReturn(): void;
  /** A player cannot go on, and so the replay cannot. */
  onFailure(error: unknown): void;
}

/**
 * One person of the log: sends over a socket of their own, and records what comes over it.
 *
 * It stays connected as a good client does: comes back when and as the server says, replaces its
 * token in time, repeats a send with the same client id until it is answered, and reads from history
 * what it missed while it was away.
 */
export class Player {
  readonly recording = new Recording();
  private readonly ready = new Gate();
  private connection: Connection | null = null;
  private renewal: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    readonly label: string,
    readonly account: Account,
    private readonly company: Company,
  ) {
    account.onRenewed = () => void this.presentToken();
  }

  /** Resolves when the player is connected and hears everything. */
  async start(): Promise<void> {
    this.company.api.signal.throwIfAborted();
    this.stayConnected().catch((error: unknown) => this.company.onFailure(error));
    await this.whenReady();
  }

  /** Resolves when the player is connected and has caught up; at once, most of the time. */
  whenReady(): Promise<void> {
    return this.ready.passed(this.company.api.signal);
  }

  /** Sends until there is a definite answer. */
  async send(input: CommandInput<'message:send'>): Promise<SendOutcome> {
    const { signal, patienceMs } = this.company.api;
    let triesFailSince: number | null = null;
    for (let attempt = 0; ; attempt += 1) {
      await this.whenReady();
      const answer = (await this.connection?.send('message:send', input)) ?? null;
      if (answer?.ok === true) return { message: answer.data };
      if (answer !== null && !answer.error.retryable) return { refused: answer.error };
      triesFailSince = answer?.error.code === 'rate_limited' ? null : (triesFailSince ?? Date.now());
      if (triesFailSince !== null && Date.now() - triesFailSince > patienceMs) {
        throw new UnreachableError(`${this.label} cannot send: ${answer?.error.detail ?? 'no answer comes'}`);
      }
      if (answer !== null) await wait(pauseBefore(attempt, answer.error.retryInMs), signal);
    }
  }

  /**
   * Resolves when everything that the server sent this player until now has arrived: the answer to a
   * command comes after it.
   */
  async settle(): Promise<void> {
    for (let attempt = 0; attempt < SETTLE_ATTEMPTS; attempt += 1) {
      await this.whenReady();
      const answer = (await this.connection?.send('presence:set', { state: 'active' })) ?? null;
      if (answer !== null) return;
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.renewal);
    this.connection?.close();
  }

  private async stayConnected(): Promise<void> {
    const { api } = this.company;
    let lastReady = Date.now();
    for (let attempt = 0; ; attempt += 1) {
      const { ready, ending } = await this.connectOnce();
      if (this.closed) return;
      if (ready) {
        attempt = 0;
        lastReady = Date.now();
      }
      if (!ending.mayReconnect) throw new Error(`${this.label} may not come back: ${ending.reason}`);
      if (Date.now() - lastReady > api.patienceMs) {
        throw new UnreachableError(`${this.label} cannot connect: ${ending.reason}`);
      }
      if (ending.tokenRefused) await this.account.renew();
      await wait(pauseBefore(attempt, ending.retryInMs), api.signal);
    }
  }

  private async connectOnce(): Promise<{ ready: boolean; ending: Ending }> {
    const token = await this.account.token();
    let ready = false;
    const connection: Connection = new Connection(this.company.api.url, token, {
      onReady: () => {
        ready = true;
        void this.catchUp(connection);
      },
      onMessage: (message) => this.hear(message),
      onExpiring: () => void this.presentToken(),
    });
    this.connection = connection;
    if (this.closed) connection.close();
    const ending = await connection.ended;
    this.connection = null;
    this.ready.close();
    this.recording.beginRepair();
    return { ready, ending };
  }

  private hear(message: MessageView): void {
    if (message.kind !== 'text' || message.conversationId !== this.company.conversationId) return;
    this.recording.hear(this.company.heard.intern(message));
    if (!this.recording.repairing) this.company.onDelivery(message);
  }

  /** Fills in from history what was missed between two connections. */
  private async catchUp(connection: Connection): Promise<void> {
    try {
      const missed = this.recording.repairing ? await this.readMissed() : null;
      if (this.connection !== connection) return;
      if (missed !== null) {
        this.recording.finishRepair(missed);
        this.company.onReturn();
      }
      this.scheduleRenewal();
      this.ready.open();
    } catch (error) {
      this.company.onFailure(error);
    }
  }

  private async readMissed(): Promise<Seen[]> {
    const { api, conversationId, heard } = this.company;
    if (conversationId === null) return [];
    const missed: Seen[] = [];
    try {
      for (let after: number | null = this.recording.lastSeq; after !== null;) {
        const path = `/conversations/${conversationId}/messages?after=${after}&limit=100`;
        const page: MessagePage = await api.get(path, this.account.token);
        for (const message of page.items) if (message.kind === 'text') missed.push(heard.intern(message));
        after = page.after;
      }
    } catch (error) {
      // Not a member at this moment: nothing was missed.
      if (!(error instanceof RefusedError) || error.problem.code !== 'conversation_not_found') throw error;
    }
    return missed;
  }

  private scheduleRenewal(): void {
    clearTimeout(this.renewal);
    if (this.closed) return;
    this.renewal = setTimeout(() => {
      this.account.token().catch((error: unknown) => this.company.onFailure(error));
    }, this.account.dueInMs + TIMER_SLACK_MS);
  }

  /** Gives the server the newest token before the one of the connection runs out. */
  private async presentToken(): Promise<void> {
    this.scheduleRenewal();
    const accessToken = await this.account.token().catch(() => null);
    if (accessToken !== null && this.ready.isOpen) await this.connection?.send('auth:refresh', { accessToken });
  }
}
