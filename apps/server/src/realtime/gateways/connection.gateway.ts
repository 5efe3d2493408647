import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { CommandOutput } from '@parley/contracts';
import { Command } from '../command.decorator.js';
import type { Connection, ParleyServer } from '../connection.js';
import { RefreshSocketTokenDto } from '../dto/refresh-socket-token.dto.js';
import { SocketServer } from '../socket-server.js';
import { TokenRefresh } from '../token-refresh.js';

/** The connection itself. */
@WebSocketGateway()
export class ConnectionGateway implements OnGatewayInit {
  constructor(
    private readonly server: SocketServer,
    private readonly tokens: TokenRefresh,
  ) {}

  afterInit(io: ParleyServer): void {
    this.server.attach(io);
  }

  @Command('auth:refresh', { input: RefreshSocketTokenDto })
  async refresh(connection: Connection, input: RefreshSocketTokenDto): Promise<CommandOutput<'auth:refresh'>> {
    return this.tokens.refresh(connection, input.accessToken);
  }
}
