import { randomUUID } from 'node:crypto';
import type {
  Ack,
  ClientToServerEvents,
  CommandInput,
  CommandName,
  CommandOutput,
  FactMap,
  FactName,
  MessageView,
  Problem,
  SentMessageView,
  ServerToClientEvents,
} from '@parley/contracts';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { ackProblem, factProblem } from './described-facts.js';

type AnyOptions = Partial<ManagerOptions & SocketOptions>;

/** A fact as it came over the wire. */
export type Heard = { [N in FactName]: { fact: N; payload: FactMap[N] } }[FactName];

/** A refusal to connect, with the server's reason if it gave one. */
export class ConnectRefused extends Error {
  constructor(
    message: string,
    readonly problem: Problem | undefined,
  ) {
    super(message);
  }
}

/** A deadline for a machine that is busy with other things; whoever waits does not wait for it. */
const SOON_MS = 30_000;

/**
 * A plain Socket.IO client that remembers everything it has heard. A fact or an ack that `docs/asyncapi.yaml` does
 * not describe fails the test.
 *
 * `next` looks from the first fact on, so a fact that came before one asked for it is found too; each
 * fact is handed out once.
 */
export class TestSocket {
  readonly heard: Heard[] = [];
  /** Why the connection ended, in Socket.IO's words; null while it has not. */
  ended: string | null = null;
  /** What `docs/asyncapi.yaml` does not describe, of what it has heard. */
  undescribed: Error | null = null;
  private readonly handedOut = new Set<Heard>();
  private readonly listeners = new Set<() => void>();

  constructor(readonly io: Socket<ServerToClientEvents, ClientToServerEvents>) {
    this.io.onAny((fact: FactName, payload: unknown) => {
      this.heard.push({ fact, payload } as Heard);
      const problem = factProblem(fact, payload);
      if (problem !== null) this.undescribed ??= new Error(problem);
      this.wake();
    });
    this.io.on('disconnect', (reason) => {
      this.ended = reason;
      this.wake();
    });
  }

  /** Sends a command and waits for its ack, of either kind. */
  async command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Ack<CommandOutput<N>>> {
    return this.raw(name, input) as Promise<Ack<CommandOutput<N>>>;
  }

  /** Sends whatever it is given, as no typed client would. */
  async raw(name: string, ...inputs: unknown[]): Promise<Ack<unknown>> {
    const socket = this.io as unknown as Socket;
    const ack = (await socket.timeout(SOON_MS).emitWithAck(name, ...inputs)) as Ack<unknown>;
    const problem = ackProblem(name, ack);
    if (problem !== null) throw new Error(problem);
    return ack;
  }

  /** Sends a text; throws when it is refused. */
  async say(conversationId: string, body: string): Promise<SentMessageView> {
    const ack = await this.command('message:send', { conversationId, clientId: randomUUID(), body });
    if (!ack.ok) throw new Error(`Not sent: ${JSON.stringify(ack.error)}`);
    return ack.data;
  }

  /** The first fact of this kind that matches and was not handed out before. */
  async next<N extends FactName>(
    fact: N,
    matches: (payload: FactMap[N]) => boolean = () => true,
    withinMs = SOON_MS,
  ): Promise<FactMap[N]> {
    const find = (): Heard | undefined =>
      this.heard.find(
        (heard) => heard.fact === fact && !this.handedOut.has(heard) && matches(heard.payload as FactMap[N]),
      );
    const found = await this.until(find, withinMs, `no ${fact}`);
    this.handedOut.add(found);
    return found.payload as FactMap[N];
  }

  /** Resolves with Socket.IO's reason when the connection has ended. */
  async end(withinMs = SOON_MS): Promise<string> {
    return this.until(() => this.ended ?? undefined, withinMs, 'still connected');
  }

  /** The messages of a conversation, in the order in which they came. */
  messages(conversationId: string): MessageView[] {
    return this.heard.flatMap((heard) =>
      heard.fact === 'message:sent' && heard.payload.conversationId === conversationId ? [heard.payload.message] : [],
    );
  }

  count(fact: FactName): number {
    return this.heard.filter((heard) => heard.fact === fact).length;
  }

  /** Waits until `find` finds something in what has been heard. */
  async until<T>(find: () => T | undefined, withinMs = SOON_MS, complaint = 'not heard'): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let wake: () => void = () => undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${complaint} within ${withinMs} ms: ${this.summary()}`)), withinMs);
        // Of two that race, the one that loses goes on waiting, and keeps nobody here.
        timer.unref();
        wake = () => {
          if (this.undescribed !== null) reject(this.undescribed);
          const found = find();
          if (found !== undefined) resolve(found);
        };
        this.listeners.add(wake);
        wake();
      });
    } finally {
      clearTimeout(timer);
      this.listeners.delete(wake);
    }
  }

  close(): void {
    this.io.disconnect();
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }

  private summary(): string {
    const facts = this.heard.slice(-20).map((heard) => heard.fact);
    return `heard ${facts.join(', ') || 'nothing'}; ${this.ended ?? 'connected'}`;
  }
}

/** The sockets of one test file. Close them all in `afterEach` or `afterAll`. */
export class Sockets {
  private readonly opened: TestSocket[] = [];

  constructor(private readonly app: { url: string }) {}

  /** Connects as this person and waits until the server says that it is ready. */
  async connect(person: { accessToken: string }, options: AnyOptions = {}): Promise<TestSocket> {
    const socket = this.open({ auth: { token: person.accessToken }, ...options });
    const refused = new Promise<never>((_resolve, reject) => {
      socket.io.once('connect_error', (error) => reject(toRefusal(error)));
    });
    await Promise.race([socket.next('ready'), refused]);
    return socket;
  }

  /** Begins to connect. A plain client with Socket.IO's defaults, but that it does not come back. */
  open(options: AnyOptions = {}): TestSocket {
    const socket = new TestSocket(io(this.app.url, { forceNew: true, reconnection: false, ...options }));
    this.opened.push(socket);
    return socket;
  }

  /** Connects in the expectation of being refused. */
  async refusal(options: AnyOptions): Promise<ConnectRefused> {
    const socket = this.open(options);
    return new Promise((resolve, reject) => {
      socket.io.once('connect_error', (error) => resolve(toRefusal(error)));
      socket.io.once('connect', () => reject(new Error('was let in')));
    });
  }

  /** @throws Error when one of them has heard what is not described */
  closeAll(): void {
    const sockets = this.opened.splice(0);
    for (const socket of sockets) socket.close();
    for (const { undescribed } of sockets) if (undescribed !== null) throw undescribed;
  }
}

function toRefusal(error: Error & { data?: unknown }): ConnectRefused {
  return new ConnectRefused(error.message, error.data as Problem | undefined);
}
