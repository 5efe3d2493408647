import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SyncReply } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { SyncDto } from './dto/sync.dto.js';
import { SyncResponse } from './dto/sync.response.js';
import { SyncService } from './sync.service.js';

@ApiTags('sync')
@ApiBearerAuth()
@Controller('sync')
export class SyncController {
  constructor(private readonly service: SyncService) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Ask what you missed',
    description:
      'For each cursor that is behind: what was sent or changed since, or a new start. With the first page of your conversations, as of the same moment. Ask again while `more` is true.',
  })
  @ApiOkResponse({ type: SyncResponse, description: 'What you missed, or the first part of it.' })
  @ApiProblems('validation_failed')
  sync(@CurrentActor() actor: Actor, @Body() input: SyncDto): Promise<SyncReply> {
    return this.service.sync(actor, input);
  }
}
