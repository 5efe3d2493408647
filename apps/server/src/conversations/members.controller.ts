import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ConversationView, MemberView, Page } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { ConversationId, UserId } from '../common/path-params.js';
import { AddMembersDto } from './dto/add-members.dto.js';
import { ChangeRoleDto } from './dto/change-role.dto.js';
import { ConversationResponse, MemberPageResponse } from './dto/conversation.response.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { MembersService } from './members.service.js';

@ApiTags('conversations')
@ApiBearerAuth()
@Controller('conversations/:id/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @ApiOperation({ summary: 'List the members' })
  @ApiOkResponse({ type: MemberPageResponse, description: 'A page of members.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  list(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Query() query: PageQueryDto,
  ): Promise<Page<MemberView>> {
    return this.members.list(actor, id, query);
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Add people to a group',
    description:
      'For its owner and admins. All of them or, when one cannot be added, nobody; who is a member already is passed over. They see the history from now on.',
  })
  @ApiOkResponse({ type: ConversationResponse, description: 'The group with its new members.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'conversation_kind_mismatch',
    'action_forbidden',
    'user_not_found',
    'user_blocked',
    'member_limit_reached',
  )
  add(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Body() input: AddMembersDto,
  ): Promise<ConversationView> {
    return this.members.add(actor, id, input);
  }

  @Patch(':userId')
  @ApiOperation({
    summary: 'Change the role of a member',
    description: 'For the owner. Giving `owner` hands the group over: you become an admin.',
  })
  @ApiOkResponse({ type: ConversationResponse, description: 'The group after the change.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'conversation_kind_mismatch',
    'action_forbidden',
    'member_not_found',
    'owner_required',
  )
  changeRole(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @UserId() userId: string,
    @Body() input: ChangeRoleDto,
  ): Promise<ConversationView> {
    return this.members.changeRole(actor, id, userId, input);
  }

  @Delete(':userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    summary: 'Remove a member, or leave',
    description:
      'The owner removes anybody, admins remove members. Removing yourself is leaving; an owner hands the group over first, unless nobody else is left in it.',
  })
  @ApiNoContentResponse({ description: 'Not a member any more.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'conversation_kind_mismatch',
    'action_forbidden',
    'member_not_found',
    'owner_required',
  )
  remove(@CurrentActor() actor: Actor, @ConversationId() id: string, @UserId() userId: string): Promise<void> {
    return this.members.remove(actor, id, userId);
  }
}
