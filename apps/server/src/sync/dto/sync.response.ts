import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { ConversationSummary, MessageView, SyncReply, SyncUpdate } from '@parley/contracts';

// By name: the classes belong to the features that this one is built on.
const messages = { type: 'array', items: { $ref: getSchemaPath('MessageResponse') } } as const;

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
    description: 'The first page of your list, then those of `updates` that are not on it.',
  })
  conversations: ConversationSummary[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Where GET /conversations goes on.' })
  nextCursor: string | null;

  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(SyncDeltaResponse) }, { $ref: getSchemaPath(SyncResetResponse) }] },
  })
  updates: SyncUpdate[];

  @ApiProperty({ type: [String], format: 'uuid', description: 'Cursors of conversations that you do not belong to.' })
  removed: string[];

  @ApiProperty({ example: false, description: 'Whether to ask again.' })
  more: boolean;
}
