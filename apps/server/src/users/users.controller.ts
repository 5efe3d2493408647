import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Patch, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Page, ProfileView, UserView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { UserId } from '../common/path-params.js';
import { UpdateProfileDto } from './dto/update-profile.dto.js';
import { ListBlocksQuery, SearchUsersQuery } from './dto/user-lists.dto.js';
import { ProfileResponse, UserPageResponse, UserResponse } from './dto/user.response.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  @ApiOperation({ summary: 'Your own profile' })
  @ApiOkResponse({ type: ProfileResponse, description: 'Your profile.' })
  getOwn(@CurrentActor() actor: Actor): Promise<ProfileView> {
    return this.users.getOwn(actor);
  }

  @Patch('me')
  @ApiOperation({
    summary: 'Change your display name',
    description: 'Your other devices and everybody who watches your presence hear `user:changed`.',
  })
  @ApiOkResponse({ type: ProfileResponse, description: 'Your profile as it is now.' })
  updateOwn(@CurrentActor() actor: Actor, @Body() input: UpdateProfileDto): Promise<ProfileView> {
    return this.users.updateOwn(actor, input);
  }

  @Get()
  @ApiOperation({
    summary: 'Find people by the beginning of their name',
    description:
      'Those whose username begins with `query` come first, then those whose display name does. People who block you are not found.',
  })
  @ApiOkResponse({ type: UserPageResponse, description: 'A page of people.' })
  search(@CurrentActor() actor: Actor, @Query() query: SearchUsersQuery): Promise<Page<UserView>> {
    return this.users.search(actor, query);
  }

  @Get('me/blocks')
  @ApiOperation({ summary: 'Whom you block' })
  @ApiOkResponse({ type: UserPageResponse, description: 'A page of those whom you block.' })
  listBlocks(@CurrentActor() actor: Actor, @Query() query: ListBlocksQuery): Promise<Page<UserView>> {
    return this.users.listBlocks(actor, query);
  }

  @Put('me/blocks/:userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    summary: 'Block somebody',
    description:
      'Neither of you can start or use a direct conversation with the other, nor see whether the other is online. They are not told. Blocking twice changes nothing.',
  })
  @ApiNoContentResponse({ description: 'Blocked' })
  @ApiProblems('user_not_found')
  block(@CurrentActor() actor: Actor, @UserId() userId: string): Promise<void> {
    return this.users.block(actor, userId);
  }

  @Delete('me/blocks/:userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Unblock somebody', description: 'Unblocking somebody you do not block changes nothing.' })
  @ApiNoContentResponse({ description: 'Not blocked' })
  @ApiProblems('user_not_found')
  unblock(@CurrentActor() actor: Actor, @UserId() userId: string): Promise<void> {
    return this.users.unblock(actor, userId);
  }

  @Get(':id')
  @ApiOperation({ summary: 'The public profile of somebody' })
  @ApiOkResponse({ type: UserResponse, description: 'Their profile.' })
  @ApiProblems('user_not_found')
  get(@CurrentActor() actor: Actor, @UserId('id') id: string): Promise<UserView> {
    return this.users.get(actor, id);
  }
}
