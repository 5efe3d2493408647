import { Body, Controller, Get, HttpStatus, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ConversationSettingsView, ConversationSummary, ConversationView, Page } from '@parley/contracts';
import type { Response } from 'express';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { ConversationId } from '../common/path-params.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationResponse } from './dto/conversation.response.js';
import {
  ConversationSettingsResponse,
  ConversationSummaryPageResponse,
  ConversationSummaryResponse,
} from './dto/conversation-summary.response.js';
import { CreateConversationDto } from './dto/create-conversation.dto.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { RenameConversationDto } from './dto/rename-conversation.dto.js';
import { UpdateSettingsDto } from './dto/update-settings.dto.js';

@ApiTags('conversations')
@ApiBearerAuth()
@Controller('conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Post()
  @ApiOperation({
    summary: 'Start a conversation',
    description:
      'A group, with you as its owner; or the direct conversation with one person, of which there is one for each pair: asking again answers 200 with the same.',
  })
  @ApiCreatedResponse({ type: ConversationResponse, description: 'Made.' })
  @ApiOkResponse({ type: ConversationResponse, description: 'The two of you have one: here it is.' })
  @ApiProblems('validation_failed', 'user_not_found', 'user_blocked')
  async create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateConversationDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConversationView> {
    const { conversation, created } = await this.conversations.create(actor, input);
    if (!created) response.status(HttpStatus.OK);
    return conversation;
  }

  @Get()
  @ApiOperation({
    summary: 'List your conversations',
    description:
      'By last activity, newest first. One that becomes active while you page moves to the top: ask for the first page again, or hear of it over the socket.',
  })
  @ApiOkResponse({ type: ConversationSummaryPageResponse, description: 'A page of your conversations.' })
  @ApiProblems('validation_failed')
  list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<Page<ConversationSummary>> {
    return this.conversations.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a conversation' })
  @ApiOkResponse({ type: ConversationResponse, description: 'The conversation.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  get(@CurrentActor() actor: Actor, @ConversationId() id: string): Promise<ConversationView> {
    return this.conversations.get(actor, id);
  }

  @Get(':id/summary')
  @ApiOperation({
    summary: 'Read a conversation as your list shows it',
    description: 'With what is unread, the last message, how far the members have got, and your own settings.',
  })
  @ApiOkResponse({ type: ConversationSummaryResponse, description: 'The conversation as your list shows it.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  getSummary(@CurrentActor() actor: Actor, @ConversationId() id: string): Promise<ConversationSummary> {
    return this.conversations.getSummary(actor, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a group', description: 'For its owner and admins.' })
  @ApiOkResponse({ type: ConversationResponse, description: 'The group under its new title.' })
  @ApiProblems('validation_failed', 'conversation_not_found', 'conversation_kind_mismatch', 'action_forbidden')
  rename(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Body() input: RenameConversationDto,
  ): Promise<ConversationView> {
    return this.conversations.rename(actor, id, input);
  }

  @Patch(':id/settings')
  @ApiOperation({
    summary: 'Change your own settings of a conversation',
    description: 'Mute, pin, archive. What you leave out stays as it is; nobody else sees it.',
  })
  @ApiOkResponse({ type: ConversationSettingsResponse, description: 'Your settings as they are now.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  updateSettings(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Body() input: UpdateSettingsDto,
  ): Promise<ConversationSettingsView> {
    return this.conversations.updateSettings(actor, id, input);
  }
}
