import { Controller, Delete, Get, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SessionView } from '@parley/contracts';
import type { Response } from 'express';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { SessionId } from '../common/path-params.js';
import { SessionListResponse } from './dto/auth.response.js';
import { RefreshCookies } from './refresh-cookies.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookies: RefreshCookies,
  ) {}

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
  async end(
    @CurrentActor() actor: Actor,
    @SessionId() id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.end(actor, id);
    this.cookies.clearOf(id, response);
  }

  @Post('logout')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'End the present session', description: 'And take its cookie back, if it has one.' })
  @ApiNoContentResponse({ description: 'Ended' })
  async endCurrent(@CurrentActor() actor: Actor, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.endCurrent(actor);
    this.cookies.clearOf(actor.sessionId, response);
  }

  @Post('logout-all')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'End all of your sessions, the present one included' })
  @ApiNoContentResponse({ description: 'Ended' })
  async endAll(@CurrentActor() actor: Actor, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.endAll(actor);
    this.cookies.clearOf(actor.sessionId, response);
  }
}
