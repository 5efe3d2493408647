import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { LIMITS, type ErrorCode } from '@parley/contracts';
import type { Server, ServerOptions } from 'socket.io';
import { isAllowedOrigin } from '../common/origins.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { Config } from '../config/config.js';
import { BoundedWebSocketServer } from './bounded-web-socket.js';
import { clientAddress } from './client-address.js';
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
  private readonly limiter: RateLimiter;

  constructor(app: INestApplication) {
    super(app);
    this.config = app.get(Config);
    this.limiter = app.get(RateLimiter);
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
      // Upgrades to something else are answered by `http/upgrades.ts`; Engine.IO would cut them off.
      destroyUpgrade: false,
    };
  }

  /** CORS is for polls only and keeps nothing away, so the handshake of every transport is judged. */
  private origins(countConnections: () => number): Partial<ServerOptions> {
    return {
      cors: ({ headers }: { headers: IncomingHttpHeaders }, decide: (error: null, options: object) => void) => {
        decide(null, { origin: this.isAllowed(headers) ? headers.origin : false });
      },
      allowRequest: (request, decide) => {
        void this.findRefusal(request, countConnections()).then((refusal) => decide(refusal, refusal === null));
      },
    };
  }

  /** Why nobody may connect by this handshake. Most that are refused later are so in `socket-auth.ts`, in better words. */
  private async findRefusal({ headers, socket }: IncomingMessage, connections: number): Promise<ErrorCode | null> {
    if (!this.isAllowed(headers)) return 'origin_forbidden';
    if (connections >= CONNECTIONS_MAX) return 'server_busy';
    const address = clientAddress({ address: socket.remoteAddress ?? '', headers }, this.config.http.trustProxyHops);
    return this.limiter.consume('handshake', address).then(
      () => null,
      () => 'rate_limited' as const,
    );
  }

  private isAllowed({ origin, host }: IncomingHttpHeaders): boolean {
    return isAllowedOrigin(this.config, { origin, host });
  }
}
