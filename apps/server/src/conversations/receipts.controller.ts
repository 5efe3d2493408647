import { Body, Controller, Get, HttpCode, HttpStatus, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Page, ReceiptView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { ConversationId } from '../common/path-params.js';
import { ReceiptPageResponse } from './dto/conversation-summary.response.js';
import { MarkDeliveredDto } from './dto/mark-delivered.dto.js';
import { MarkReadDto } from './dto/mark-read.dto.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('conversations')
@ApiBearerAuth()
@Controller('conversations/:id')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Put('read')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    summary: 'Mark as read',
    description:
      'Everything up to this seq. The position only grows; your other devices hear of it, and the others unless you hide it.',
  })
  @ApiNoContentResponse({ description: 'Read up to there, or further before.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  markRead(@CurrentActor() actor: Actor, @ConversationId() id: string, @Body() input: MarkReadDto): Promise<void> {
    return this.receipts.markRead(actor, id, input);
  }

  @Put('delivered')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({
    summary: 'Mark as delivered',
    description: 'Everything up to this seq has reached a device of yours.',
  })
  @ApiNoContentResponse({ description: 'Delivered up to there, or further before.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  markDelivered(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Body() input: MarkDeliveredDto,
  ): Promise<void> {
    return this.receipts.markDelivered(actor, id, input);
  }

  @Get('receipts')
  @ApiOperation({ summary: 'List how far each member has got' })
  @ApiOkResponse({ type: ReceiptPageResponse, description: 'A page of members with their positions.' })
  @ApiProblems('validation_failed', 'conversation_not_found')
  list(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Query() query: PageQueryDto,
  ): Promise<Page<ReceiptView>> {
    return this.receipts.list(actor, id, query);
  }
}
