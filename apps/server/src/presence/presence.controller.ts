import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PresenceView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { PresenceQueryDto } from './dto/presence-query.dto.js';
import { PresenceListResponse } from './dto/presence.response.js';
import { PresenceService } from './presence.service.js';

@ApiTags('presence')
@ApiBearerAuth()
@Controller('presence')
export class PresenceController {
  constructor(private readonly presence: PresenceService) {}

  @Get()
  @ApiOperation({
    summary: 'See who is online',
    description:
      'Answers for oneself and for people one shares a conversation with. Others, and people behind a block, are left out. To hear of changes, send `presence:watch` over Socket.IO.',
  })
  @ApiOkResponse({
    type: PresenceListResponse,
    description: 'Who of them is online, without those whom you may not see.',
  })
  @ApiProblems('validation_failed', 'service_unavailable')
  get(@CurrentActor() actor: Actor, @Query() { userIds }: PresenceQueryDto): Promise<{ items: PresenceView[] }> {
    return this.presence.get(actor, userIds);
  }
}
