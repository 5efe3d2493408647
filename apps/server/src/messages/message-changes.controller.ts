import { Body, Controller, Delete, Patch, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LIMITS, type MessageView } from '@parley/contracts';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../common/api-problems.js';
import { CurrentActor } from '../common/current-actor.js';
import { ConversationId, FromPath, Seq } from '../common/path-params.js';
import { DeleteMessageQueryDto } from './dto/delete-message.dto.js';
import { EditMessageDto } from './dto/edit-message.dto.js';
import { MessageResponse } from './dto/message.response.js';
import { EmojiParam } from './emoji-param.pipe.js';
import { MessageChangesService } from './message-changes.service.js';

const Emoji = (): ParameterDecorator =>
  FromPath('emoji', EmojiParam, {
    schema: { type: 'string', maxLength: LIMITS.emojiMaxLength, example: '👍' },
    description: 'One emoji, percent-encoded.',
  });

@ApiTags('messages')
@ApiBearerAuth()
@Controller('conversations/:id/messages/:seq')
export class MessageChangesController {
  constructor(private readonly changes: MessageChangesService) {}

  @Patch()
  @ApiOperation({
    summary: 'Edit a message',
    description:
      'Your own. The same text again changes nothing. With a version, the edit is refused when somebody was faster: you on another device, say.',
  })
  @ApiOkResponse({ type: MessageResponse, description: 'The message with its new text.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'message_not_found',
    'action_forbidden',
    'message_deleted',
    'version_conflict',
    'user_blocked',
  )
  edit(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Seq() seq: number,
    @Body() input: EditMessageDto,
  ): Promise<MessageView> {
    return this.changes.edit(actor, id, seq, input);
  }

  @Delete()
  @ApiOperation({
    summary: 'Delete a message for everybody',
    description:
      'Your own; in a group, its owner and admins delete any. It keeps its place without its text, mentions and reactions. Deleting it again changes nothing.',
  })
  @ApiOkResponse({ type: MessageResponse, description: 'The message without its text.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'message_not_found',
    'action_forbidden',
    'version_conflict',
  )
  delete(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Seq() seq: number,
    @Query() query: DeleteMessageQueryDto,
  ): Promise<MessageView> {
    return this.changes.delete(actor, id, seq, query);
  }

  @Put('reactions/:emoji')
  @ApiOperation({
    summary: 'React to a message',
    description: 'Once with each emoji; the same again changes nothing. A message has at most 20 kinds of reaction.',
  })
  @ApiOkResponse({ type: MessageResponse, description: 'The message with your reaction.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'message_not_found',
    'action_forbidden',
    'message_deleted',
    'reaction_limit_reached',
    'user_blocked',
  )
  addReaction(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Seq() seq: number,
    @Emoji() emoji: string,
  ): Promise<MessageView> {
    return this.changes.addReaction(actor, id, seq, emoji);
  }

  @Delete('reactions/:emoji')
  @ApiOperation({
    summary: 'Take back a reaction',
    description: 'Your own. One that is not there changes nothing.',
  })
  @ApiOkResponse({ type: MessageResponse, description: 'The message without your reaction.' })
  @ApiProblems(
    'validation_failed',
    'conversation_not_found',
    'message_not_found',
    'action_forbidden',
    'message_deleted',
  )
  removeReaction(
    @CurrentActor() actor: Actor,
    @ConversationId() id: string,
    @Seq() seq: number,
    @Emoji() emoji: string,
  ): Promise<MessageView> {
    return this.changes.removeReaction(actor, id, seq, emoji);
  }
}
