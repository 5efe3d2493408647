import {
  FACTS,
  type Ack,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type DisconnectReason,
  type FactMap,
  type FactName,
  type Farewell,
} from '@parley/contracts';
import { io } from 'socket.io-client';
import { backoffMs, jittered } from './backoff.js';
import { answerMissing, connectionFailed, isProblem, ParleyError, toParleyError } from './errors.js';
import { isTokenRefusal, type Tokens } from './http.js';
import { callSafely, ValueStore, type Store } from './store.js';

const ANSWER_WITHIN_MS = 15_000;
const READY_WITHIN_MS = 15_000;

export interface ConnectionSnapshot {
  /** `online`: connected and in step with the server. */
  readonly state: 'offline' | 'connecting' | 'online';
  /**
   * Why it is not online: the server's word, or `unreachable`, or `stopped` by oneself. While connecting
   * for the first time, and online, null. A reason of the server that says to stay away ends the tries.
   */
  readonly reason: DisconnectReason | 'unreachable' | 'stopped' | null;
  /** What the last try failed with. */
  readonly error: ParleyError | null;
  /** When the next try comes, in milliseconds since 1970; null when none is planned. */
  readonly retryAt: number | null;
}

/** What is used of a Socket.IO socket. Tests put themselves in between. */
export interface SocketLike {
  readonly connected: boolean;
  on(event: string, listener: (...values: never[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

export interface ConnectionOptions {
  url: string;
  tokens: Tokens;
  /** Each time the server is ready: brings the state in step; only then the connection is online. */
  onReady(ready: FactMap['ready']): Promise<void>;
  onFact(fact: Exclude<FactName, 'ready'>, payload: FactMap[FactName]): void;
  /** The server has ended the session: no token will help. */
  onSessionEnded(): void;
  wrapSocket?: ((socket: SocketLike) => SocketLike) | undefined;
}

type Listenable = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/**
 * One connection to the server, made again whenever it ends.
 *
 * Guarantee: a command is answered once, by the server's answer or by a `ParleyError`: when the connection
 * breaks before the answer nobody knows what became of it, and it is `connection_failed`. The server's word
 * counts: told to stay away it stays away, told when to come back it comes then, with jitter, also for
 * reasons that it has never heard of. Covered by `test/client/connection.e2e-spec.ts`.
 */
export class Connection {
  private readonly current = new ValueStore<ConnectionSnapshot>(offline('stopped'));
  readonly state: Store<ConnectionSnapshot> = this.current;
  /** Counts the tries: what belongs to an earlier one is over. */
  private attempt = 0;
  private socket: SocketLike | null = null;
  private running = false;
  private failures = 0;
  private farewell: Farewell | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly waiting = new Set<(error: ParleyError) => void>();
  private readonly page = globalThis as unknown as Partial<Listenable>;

  constructor(private readonly options: ConnectionOptions) {}

  /** Connects, and stays connected until `stop`. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    // What the server said to an earlier connection does not keep this one from trying.
    this.farewell = null;
    this.page.addEventListener?.('online', this.retryNow);
    this.connect();
  }

  /** Ends it. What the server has said before stays in the state. */
  stop(): void {
    if (this.running) this.end(offline('stopped'));
  }

  /** Ends it because the session has ended: the server said so to a request. */
  giveUp(error: ParleyError): void {
    if (this.running) this.end({ ...offline('session_revoked'), error });
  }

  /** Does not wait for the next planned try. */
  readonly retryNow = (): void => {
    if (this.running && this.timer !== null) this.connect();
  };

  /**
   * Sends a command and waits for its answer.
   * @throws ParleyError also `connection_failed` and `answer_missing`; then it may or may not be done
   */
  command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    const { socket } = this;
    if (socket?.connected !== true) return Promise.reject(connectionFailed());
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.waiting.delete(fail);
      };
      const fail = (error: ParleyError): void => {
        settle();
        reject(error);
      };
      const timer = setTimeout(() => fail(answerMissing()), ANSWER_WITHIN_MS);
      this.waiting.add(fail);
      socket.emit(name, input, (ack: Ack<CommandOutput<N>>) => {
        settle();
        if (ack.ok) resolve(ack.data);
        else reject(ParleyError.of(ack.error));
      });
    });
  }

  private connect(): void {
    this.drop();
    const { reason, error } = this.current.getSnapshot();
    this.current.set({ state: 'connecting', reason: reason === 'stopped' ? null : reason, error, retryAt: null });
    const attempt = this.attempt;
    this.options.tokens.accessToken().then(
      (token) => {
        if (attempt === this.attempt) this.open(attempt, token);
      },
      (refusal: unknown) => this.lost(attempt, toParleyError(refusal)),
    );
  }

  private open(attempt: number, token: string): void {
    const plain: SocketLike = io(this.options.url, {
      auth: { token },
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
    });
    const socket = this.options.wrapSocket?.(plain) ?? plain;
    this.socket = socket;
    this.farewell = null;
    const lost = (error?: ParleyError): void => this.lost(attempt, error);
    this.timer = setTimeout(() => lost(answerMissing()), READY_WITHIN_MS);
    for (const fact of FACTS) {
      socket.on(fact, (payload: FactMap[FactName]) => {
        if (attempt === this.attempt) this.hear(fact, payload, attempt);
      });
    }
    socket.on('connect_error', (error: Error & { data?: unknown }) => void this.refused(attempt, token, error));
    socket.on('disconnect', () => lost());
    socket.connect();
  }

  private hear(fact: FactName, payload: FactMap[FactName], attempt: number): void {
    if (fact === 'ready') {
      void this.ready(attempt, payload as FactMap['ready']);
      return;
    }
    if (fact === 'session:ended' || fact === 'server:draining') this.farewell = payload as Farewell;
    if (fact === 'session:expiring') void this.prolong();
    callSafely(() => this.options.onFact(fact, payload));
  }

  private async ready(attempt: number, ready: FactMap['ready']): Promise<void> {
    try {
      await this.options.onReady(ready);
    } catch (error) {
      this.lost(attempt, toParleyError(error));
      return;
    }
    if (attempt !== this.attempt) return;
    this.stopWaiting();
    this.failures = 0;
    this.current.set({ state: 'online', reason: null, error: null, retryAt: null });
  }

  /** The server did not let it in, or could not be reached. */
  private async refused(attempt: number, token: string, { data, message }: Error & { data?: unknown }): Promise<void> {
    const refusal = isProblem(data) ? ParleyError.of(data) : connectionFailed(message);
    try {
      if (isTokenRefusal(refusal)) await this.options.tokens.renew(token);
      if (refusal.code === 'session_ended') this.farewell = ENDED;
      this.lost(attempt, refusal);
    } catch (error) {
      this.lost(attempt, toParleyError(error));
    }
  }

  /** Lets the connection outlive its token. If that fails the server ends it, and the next one begins with a new token. */
  private async prolong(): Promise<void> {
    try {
      const { tokens } = this.options;
      const accessToken = await tokens.renew(await tokens.accessToken());
      await this.command('auth:refresh', { accessToken });
    } catch {
      // The connection will end, and that is told.
    }
  }

  private lost(attempt: number, error: ParleyError | null = null): void {
    if (attempt !== this.attempt || !this.running) return;
    const { farewell } = this;
    this.drop();
    const isOver = error?.code === 'not_logged_in';
    if (isOver || farewell?.mayReconnect === false) {
      this.end({ ...offline(farewell?.reason ?? 'stopped'), error });
      if (farewell?.reason === 'session_revoked') this.options.onSessionEnded();
      return;
    }
    this.failures += 1;
    const asked = farewell?.retryInMs ?? error?.retryInMs ?? 0;
    const delay = Math.max(backoffMs(this.failures), asked + jittered(asked / 2));
    const reason = farewell?.reason ?? 'unreachable';
    this.current.set({ state: 'offline', reason, error, retryAt: Date.now() + delay });
    this.timer = setTimeout(() => this.connect(), delay);
  }

  private end(snapshot: ConnectionSnapshot): void {
    this.running = false;
    this.page.removeEventListener?.('online', this.retryNow);
    this.drop();
    this.current.set(snapshot);
  }

  /** Ends what there is of a connection; who waits for an answer hears that there will be none. */
  private drop(): void {
    this.attempt += 1;
    this.stopWaiting();
    this.socket?.disconnect();
    this.socket = null;
    for (const fail of [...this.waiting]) fail(connectionFailed());
  }

  private stopWaiting(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

const ENDED: Farewell = { reason: 'session_revoked', mayReconnect: false, retryInMs: null };

function offline(reason: ConnectionSnapshot['reason']): ConnectionSnapshot {
  return { state: 'offline', reason, error: null, retryAt: null };
}
