import type {
  Ack,
  ClientToServerEvents,
  CommandInput,
  CommandName,
  CommandOutput,
  Farewell,
  MessageView,
  Problem,
  ServerToClientEvents,
} from '@parley/contracts';
import { io, type Socket } from 'socket.io-client';

/** What a connection tells the one it belongs to. */
export interface ConnectionListener {
  /** The socket is in all its rooms. */
  onReady(): void;
  onMessage(message: MessageView): void;
  onExpiring(): void;
}

/** How a connection ended, and what follows from that. */
export interface Ending {
  mayReconnect: boolean;
  /** What the server said; null when it said nothing. */
  retryInMs: number | null;
  /** The access token will not do again. */
  tokenRefused: boolean;
  reason: string;
}

const ANSWER_WITHIN_MS = 10_000;
const TOKEN_PROBLEMS: readonly string[] = ['token_invalid', 'token_expired', 'session_ended'];

/** One Socket.IO connection, from the first packet to its end. It never reconnects: that is for its owner. */
export class Connection {
  readonly ended: Promise<Ending>;
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;

  constructor(url: string, token: string, listener: ConnectionListener) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      autoConnect: false,
      auth: { token },
    });
    this.ended = this.listen(listener);
    this.socket.connect();
  }

  /** Sends a command. Null when no answer came, because the connection broke or the time was up. */
  async send<N extends CommandName>(command: N, input: CommandInput<N>): Promise<Ack<CommandOutput<N>> | null> {
    if (!this.socket.connected) return null;
    // Socket.IO's types know one command by its name, not any of them.
    const socket = this.socket.timeout(ANSWER_WITHIN_MS) as unknown as {
      emitWithAck(command: N, input: CommandInput<N>): Promise<Ack<CommandOutput<N>>>;
    };
    return socket.emitWithAck(command, input).catch(() => null);
  }

  close(): void {
    this.socket.disconnect();
  }

  private listen(listener: ConnectionListener): Promise<Ending> {
    const { socket } = this;
    socket.on('ready', () => listener.onReady());
    socket.on('message:sent', ({ message }) => listener.onMessage(message));
    socket.on('session:expiring', () => listener.onExpiring());
    return new Promise((resolve) => {
      let farewell: Farewell | null = null;
      const remember = (said: Farewell): void => {
        farewell = said;
      };
      socket.on('session:ended', remember);
      socket.on('server:draining', remember);
      socket.on('connect_error', (error) => {
        // Without this a refused socket keeps its transport open.
        socket.disconnect();
        resolve(afterRefusal(error));
      });
      socket.on('disconnect', (reason) => resolve(afterFarewell(farewell, reason)));
    });
  }
}

function afterRefusal(error: Error & { data?: Partial<Problem> }): Ending {
  const problem = error.data;
  if (problem?.code === undefined) {
    return { mayReconnect: true, retryInMs: null, tokenRefused: false, reason: error.message };
  }
  const tokenRefused = TOKEN_PROBLEMS.includes(problem.code);
  return {
    mayReconnect: tokenRefused || problem.retryable === true,
    retryInMs: problem.retryInMs ?? null,
    tokenRefused,
    reason: `${problem.code}: ${problem.detail ?? ''}`,
  };
}

function afterFarewell(farewell: Farewell | null, reason: string): Ending {
  if (farewell === null) return { mayReconnect: true, retryInMs: null, tokenRefused: false, reason };
  // The session is over, but the person may log in again: that is another session.
  const revoked = farewell.reason === 'session_revoked';
  return {
    mayReconnect: farewell.mayReconnect || revoked,
    retryInMs: farewell.retryInMs,
    tokenRefused: revoked || farewell.reason === 'token_expired',
    reason: farewell.reason,
  };
}
