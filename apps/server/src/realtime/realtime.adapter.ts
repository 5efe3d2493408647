import type { IncomingHttpHeaders } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { LIMITS } from '@parley/contracts';
import type { Server, ServerOptions } from 'socket.io';
import { isAllowedOrigin } from '../common/origins.js';
import { Config } from '../config/config.js';
import { BoundedWebSocketServer } from './bounded-web-socket.js';
import { TEXT_ONLY_PARSER } from './text-only-parser.js';

const CONNECTIONS_MAX = 50_000;

/**
 * Socket.IO as Parley runs it: its limits, its origins, and no pipeline of the framework's own.
 *
 * Nest would set up a chain for each socket and handler, which costs more memory than the socket
 * itself, runs a socket's events side by side and never acks an error. So what Nest asks an adapter to
 * bind is left alone here; `connections.ts` listens instead and `command-dispatcher.ts` answers.
 */
export class RealtimeAdapter extends IoAdapter {
  private readonly config: Config;

  constructor(app: INestApplication) {
    super(app);
    this.config = app.get(Config);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const own = { ...this.limits(), ...this.origins(() => io.engine.clientsCount) };
    const io: Server = super.createIOServer(port, { ...options, ...own } as ServerOptions);
    return io;
  }

  override bindClientConnect(): void {}

  override bindClientDisconnect(): void {}

  override bindMessageHandlers(): void {}

  private limits(): Partial<ServerOptions> {
    return {
      maxHttpBufferSize: LIMITS.payloadMaxBytes,
      connectTimeout: LIMITS.authenticateWithinMs,
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: true,
      wsEngine: BoundedWebSocketServer,
      parser: TEXT_ONLY_PARSER,
    };
  }

  /** CORS is for polls only and keeps nothing away, so the handshake of every transport is judged. */
  private origins(countConnections: () => number): Partial<ServerOptions> {
    return {
      cors: ({ headers }: { headers: IncomingHttpHeaders }, decide: (error: null, options: object) => void) => {
        decide(null, { origin: this.isAllowed(headers) ? headers.origin : false });
      },
      allowRequest: ({ headers }, decide) => {
        if (!this.isAllowed(headers)) decide('origin_forbidden', false);
        else if (countConnections() >= CONNECTIONS_MAX) decide('server_busy', false);
        else decide(null, true);
      },
    };
  }

  private isAllowed({ origin, host }: IncomingHttpHeaders): boolean {
    return isAllowedOrigin(this.config, { origin, host });
  }
}
