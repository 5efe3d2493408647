import { Injectable } from '@nestjs/common';
import type { Problem } from '@parley/contracts';
import type { ExtendedError } from 'socket.io';
import { TokensService } from '../auth/tokens.service.js';
import { DomainError } from '../common/domain-error.js';
import { RateLimiter } from '../common/rate-limiter.js';
import { Config } from '../config/config.js';
import { DrainService } from '../health/drain.service.js';
import { clientAddress } from './client-address.js';
import { Connection, type ParleySocket } from './connection.js';
import { PacketGuard } from './packet-guard.js';
import { Refusals } from './refusals.js';

/** What a client hears as `connect_error`: the problem is in `data`. */
class ConnectError extends Error implements ExtendedError {
  constructor(readonly data: Problem) {
    super(data.detail);
  }
}

/** Lets a socket in by the access token of its handshake, before it can hear or send anything. */
@Injectable()
export class SocketAuth {
  constructor(
    private readonly config: Config,
    private readonly tokens: TokensService,
    private readonly limiter: RateLimiter,
    private readonly guard: PacketGuard,
    private readonly drain: DrainService,
    private readonly refusals: Refusals,
  ) {}

  /** For `io.use`. Whatever fails in here becomes a `connect_error`. */
  readonly middleware = (socket: ParleySocket, next: (error?: ExtendedError) => void): void => {
    if (!this.guard.occupy(socket.conn)) {
      next(this.toConnectError(new DomainError('request_malformed', 'This connection has a socket already')));
      return;
    }
    this.authenticate(socket).then(
      () => next(),
      (error: unknown) => {
        this.guard.vacate(socket.conn);
        next(this.toConnectError(error));
      },
    );
  };

  private async authenticate(socket: ParleySocket): Promise<void> {
    if (this.drain.draining) throw new DomainError('server_draining', 'The server is going away', { retryInMs: 1_000 });
    await this.limiter.consume('connect', clientAddress(socket.handshake, this.config.http.trustProxyHops));
    const { actor, expiresAt } = await this.tokens.verify(tokenOf(socket));
    await this.limiter.consume('connect', actor.userId);
    socket.data = new Connection(socket, actor, expiresAt.getTime());
  }

  private toConnectError(error: unknown): ConnectError {
    return new ConnectError(this.refusals.toProblem(error, 'A socket could not be let in'));
  }
}

function tokenOf(socket: ParleySocket): string {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (token === undefined || token === null || token === '') {
    throw new DomainError('token_missing', 'Give the access token as auth.token');
  }
  if (typeof token !== 'string') throw new DomainError('token_invalid', 'auth.token must be a string');
  return token;
}
