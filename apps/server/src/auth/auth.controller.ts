import { Body, Controller, HttpCode, HttpStatus, Post, Put, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthView, CookieAuthView } from '@parley/contracts';
import type { Response } from 'express';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { DomainError } from '../common/domain-error.js';
import { Public } from '../common/public.js';
import { AuthService } from './auth.service.js';
import { FromClient, type Client } from './client.js';
import { ChangePasswordDto, LoginDto, RefreshDto, RegisterDto } from './dto/auth.dto.js';
import { ApiAuthResponse } from './dto/auth.response.js';
import { RefreshCookies } from './refresh-cookies.js';
import { RefreshService } from './refresh.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly refreshes: RefreshService,
    private readonly cookies: RefreshCookies,
  ) {}

  @Post('register')
  @Public()
  @ApiOperation({
    summary: 'Create an account and log in',
    description: 'Usernames are compared without regard to case and cannot be changed.',
  })
  @ApiAuthResponse(HttpStatus.CREATED, 'The new account and the tokens of its first session.')
  @ApiProblems('username_taken', 'server_busy')
  async register(
    @FromClient() client: Client,
    @Body() input: RegisterDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuthView | CookieAuthView> {
    const view = await this.auth.register(client, input);
    return input.refreshTokenIn === 'cookie' ? this.cookies.put(response, view) : view;
  }

  @Post('login')
  @Public()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Log in', description: 'Every login is a session of its own.' })
  @ApiAuthResponse(HttpStatus.OK, 'Who you are and the tokens of a new session.')
  @ApiProblems('credentials_invalid', 'server_busy')
  async login(
    @FromClient() client: Client,
    @Body() input: LoginDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuthView | CookieAuthView> {
    const view = await this.auth.login(client, input);
    return input.refreshTokenIn === 'cookie' ? this.cookies.put(response, view) : view;
  }

  @Post('refresh')
  @Public()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Exchange a refresh token for a new access token and the next refresh token',
    description:
      'A refresh token is good once. Within 10 seconds it is answered again with the same successor, for two tabs that refresh at the same moment. Using an older one ends the session and closes its sockets. Without `refreshToken` the one in the cookie `parley_refresh` is exchanged, and the next one goes there, too; a request that carries the cookie must name its page (`Origin`).',
  })
  @ApiAuthResponse(HttpStatus.OK, 'The next pair of tokens of the same session.')
  @ApiProblems('refresh_token_invalid', 'refresh_token_reused', 'session_ended')
  async refresh(
    @FromClient() client: Client,
    @Body() { refreshToken }: RefreshDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuthView | CookieAuthView> {
    if (refreshToken !== undefined) return this.refreshes.refresh(client, { refreshToken });
    const input = { refreshToken: this.cookies.require(response.req) };
    try {
      return this.cookies.put(response, await this.refreshes.refresh(client, input));
    } catch (error) {
      if (isForGood(error)) this.cookies.clear(response);
      throw error;
    }
  }

  @Put('password')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Change your password', description: 'Your other sessions end.' })
  @ApiNoContentResponse({ description: 'Changed' })
  @ApiProblems('credentials_invalid', 'server_busy')
  changePassword(@CurrentActor() actor: Actor, @Body() input: ChangePasswordDto): Promise<void> {
    return this.auth.changePassword(actor, input);
  }
}

/** Whether a refresh token was refused in a way that no other try can mend. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  const { code } = error;
  return code === 'refresh_token_invalid' || code === 'refresh_token_reused' || code === 'session_ended';
}
