import { Body, Controller, Get, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { MessagePage, MessageView, SentMessageView } from '@parley/contracts';
import type { Response } from 'express';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { ConversationId, Seq } from '../common/path-params.js';
import { HistoryQueryDto } from './dto/history-query.dto.js';
import { MessagePageResponse, MessageResponse, SentMessageResponse } from './dto/message.response.js';
import { SendMessageDto } from './dto/send-message.dto.js';
import { MessagesService } from './messages.service.js';

@ApiTags('messages')
@ApiBearerAuth()
@Controller('conversations/:id/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @ApiOperation({
    summary: 'Send a message',
    description:
      'Answers after the message is committed. Repeat it with the same clientId until it is answered: it is stored once, and a repetition gets 200 with the original.',
  })
  @ApiCreatedResponse({ type: SentMessageResponse, description: 'Stored.' })
  @ApiOkResponse({ type: SentMessageResponse, description: 'Stored before: the original as it is now.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'user_blocked',
    'reply_target_not_found',
    'client_id_reused',
    'rate_limited',
    'server_busy',
    'outcome_unknown',
  )
  async send(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Body() input: SendMessageDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SentMessageView> {
    const sent = await this.messages.send(actor, id, input);
    if (sent.duplicate) response.status(HttpStatus.OK);
    return sent;
  }

  @Get()
  @ApiOperation({
    summary: 'Read the history',
    description: 'The newest page, or the one before, after or around a seq; items in ascending seq.',
  })
  @ApiOkResponse({ type: MessagePageResponse, description: 'A page of messages.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  history(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Query() query: HistoryQueryDto,
  ): Promise<MessagePage> {
    return this.messages.history(actor, id, query);
  }

  @Get(':seq')
  @ApiOperation({ summary: 'Read one message' })
  @ApiOkResponse({ type: MessageResponse, description: 'The message as it is now.' })
  @ApiProblems('validation_failed', 'conversation_not_found', 'message_not_found')
  get(@CurrentActor() actor: Actor, @ConversationId() id: string, @Seq() seq: number): Promise<MessageView> {
    return this.messages.get(actor, id, seq);
  }
}
