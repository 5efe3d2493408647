import { Body, Controller, HttpCode, HttpStatus, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuthView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { Public } from '../common/public.js';
import { AuthService } from './auth.service.js';
import { FromClient, type Client } from './client.js';
import { ChangePasswordDto, LoginDto, RefreshDto, RegisterDto } from './dto/auth.dto.js';
import { AuthResponse } from './dto/auth.response.js';
import { RefreshService } from './refresh.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly refreshes: RefreshService,
  ) {}

  @Post('register')
  @Public()
  @ApiOperation({
    summary: 'Create an account and log in',
    description: 'Usernames are compared without regard to case and cannot be changed.',
  })
  @ApiCreatedResponse({ type: AuthResponse, description: 'The new account and the tokens of its first session.' })
  @ApiProblems('username_taken', 'server_busy')
  register(@FromClient() client: Client, @Body() input: RegisterDto): Promise<AuthView> {
    return this.auth.register(client, input);
  }

  @Post('login')
  @Public()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Log in', description: 'Every login is a session of its own.' })
  @ApiOkResponse({ type: AuthResponse, description: 'Who you are and the tokens of a new session.' })
  @ApiProblems('credentials_invalid', 'server_busy')
  login(@FromClient() client: Client, @Body() input: LoginDto): Promise<AuthView> {
    return this.auth.login(client, input);
  }

  @Post('refresh')
  @Public()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Exchange a refresh token for a new access token and the next refresh token',
    description:
      'A refresh token is good once. Within 10 seconds it is answered again with the same successor, for two tabs that refresh at the same moment. Using an older one ends the session and closes its sockets.',
  })
  @ApiOkResponse({ type: AuthResponse, description: 'The next pair of tokens of the same session.' })
  @ApiProblems('refresh_token_invalid', 'refresh_token_reused', 'session_ended')
  refresh(@FromClient() client: Client, @Body() input: RefreshDto): Promise<AuthView> {
    return this.refreshes.refresh(client, input);
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
