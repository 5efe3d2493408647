import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { LIMITS, type ConversationSummary, type MessageView, type SyncReply, type SyncUpdate } from '@parley/contracts';
import { CURSOR_MAX_LENGTH } from '../../common/cursor.js';

// By name: the classes belong to the features that this one is built on.
const messages = {
  type: 'array',
  items: { $ref: getSchemaPath('MessageResponse') },
  maxItems: LIMITS.syncMessagesMax,
} as const;

export class SyncDeltaResponse {
  @ApiProperty({ format: 'uuid' })
  conversationId: string;

  @ApiProperty({ enum: ['delta'] })
  kind: 'delta';

  @ApiProperty({ example: 42, description: 'Your cursor.' })
  from: number;

  @ApiProperty({ example: 57, description: 'Your cursor when you have taken this in.' })
  to: number;

  @ApiProperty({ ...messages, description: 'What was sent or changed in between, in ascending seq.' })
  messages: MessageView[];
}

export class SyncResetResponse {
  @ApiProperty({ format: 'uuid' })
  conversationId: string;

  @ApiProperty({ enum: ['reset'] })
  kind: 'reset';

  @ApiProperty({ example: 5_012, description: 'Your cursor when you have forgotten the rest and taken this in.' })
  head: number;

  @ApiProperty({ ...messages, description: 'The latest messages, in ascending seq.' })
  messages: MessageView[];

  @ApiProperty({ example: true })
  hasMoreBefore: boolean;
}

@ApiExtraModels(SyncDeltaResponse, SyncResetResponse)
export class SyncResponse implements SyncReply {
  @ApiProperty({ format: 'uuid', description: 'Another one than yours: forget everything, then take this in.' })
  epoch: string;

  @ApiProperty({
    type: 'array',
    items: { $ref: getSchemaPath('ConversationSummaryResponse') },
    maxItems: 2 * LIMITS.syncConversationsMax,
    description: 'The first page of your list, then those of `updates` that are not on it.',
  })
  conversations: ConversationSummary[];

  @ApiProperty({
    type: String,
    maxLength: CURSOR_MAX_LENGTH,
    nullable: true,
    example: null,
    description: 'Where GET /conversations goes on.',
  })
  nextCursor: string | null;

  @ApiProperty({
    type: 'array',
    maxItems: LIMITS.syncConversationsMax,
    items: { oneOf: [{ $ref: getSchemaPath(SyncDeltaResponse) }, { $ref: getSchemaPath(SyncResetResponse) }] },
  })
  updates: SyncUpdate[];

  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: LIMITS.syncCursorsMax,
    description: 'Cursors of conversations that you do not belong to.',
  })
  removed: string[];

  @ApiProperty({ example: false, description: 'Whether to ask again.' })
  more: boolean;
}
