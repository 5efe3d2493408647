import { Controller, Delete, Get, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SessionView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { SessionId } from '../common/path-params.js';
import { SessionListResponse } from './dto/auth.response.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get('sessions')
  @ApiOperation({ summary: 'Where you are logged in', description: 'The present session first, then by latest use.' })
  @ApiOkResponse({ type: SessionListResponse, description: 'Your sessions.' })
  list(@CurrentActor() actor: Actor): Promise<{ items: SessionView[] }> {
    return this.sessions.list(actor);
  }

  @Delete('sessions/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    summary: 'End one of your sessions',
    description: 'Its access token is refused from now on, and its sockets are closed.',
  })
  @ApiNoContentResponse({ description: 'Ended' })
  @ApiProblems('session_not_found')
  end(@CurrentActor() actor: Actor, @SessionId() id: string): Promise<void> {
    return this.sessions.end(actor, id);
  }

  @Post('logout')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'End the present session' })
  @ApiNoContentResponse({ description: 'Ended' })
  endCurrent(@CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.endCurrent(actor);
  }

  @Post('logout-all')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'End all of your sessions, the present one included' })
  @ApiNoContentResponse({ description: 'Ended' })
  endAll(@CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.endAll(actor);
  }
}
