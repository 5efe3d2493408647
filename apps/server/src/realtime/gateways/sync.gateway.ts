import { WebSocketGateway } from '@nestjs/websockets';
import type { SyncReply } from '@parley/contracts';
import { SyncDto } from '../../sync/dto/sync.dto.js';
import { SyncService } from '../../sync/sync.service.js';
import { Command } from '../command.decorator.js';
import type { Connection } from '../connection.js';

@WebSocketGateway()
export class SyncGateway {
  constructor(private readonly service: SyncService) {}

  @Command('sync', { input: SyncDto })
  async sync({ actor }: Connection, input: SyncDto): Promise<SyncReply> {
    return this.service.sync(actor, input);
  }
}
