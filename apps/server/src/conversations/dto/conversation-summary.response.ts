import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { ConversationSettingsView, ConversationSummary, MessageView, Page, Role } from '@parley/contracts';
import { ConversationResponse } from './conversation.response.js';

export class ConversationSettingsResponse implements ConversationSettingsView {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  mutedUntil: string | null;

  @ApiProperty({ example: true })
  pinned: boolean;

  @ApiProperty({ example: false })
  archived: boolean;
}

export class ConversationSummaryResponse implements ConversationSummary {
  @ApiProperty({ type: ConversationResponse })
  conversation: ConversationResponse;

  @ApiProperty({ enum: ['owner', 'admin', 'member'], example: 'owner', description: 'Your own role.' })
  role: Role;

  @ApiProperty({ example: 42, description: 'The latest number of the conversation.' })
  lastSeq: number;

  @ApiProperty({ example: 1, description: 'History before this number is not shown to you.' })
  visibleFromSeq: number;

  @ApiProperty({ example: 40 })
  readSeq: number;

  @ApiProperty({ example: 2, maximum: 100, description: 'Messages of others after readSeq; 100 means "99+".' })
  unread: number;

  @ApiProperty({ example: 0, maximum: 100, description: 'Those among them that mention you.' })
  mentions: number;

  // By name: the class belongs to the feature `messages`, which builds upon this one.
  @ApiProperty({
    allOf: [{ $ref: getSchemaPath('MessageResponse') }],
    nullable: true,
    description: 'The latest message that you may see.',
  })
  lastMessage: MessageView | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  lastActivityAt: string;

  @ApiProperty({ type: ConversationSettingsResponse })
  settings: ConversationSettingsResponse;
}

export class ConversationSummaryPageResponse implements Page<ConversationSummary> {
  @ApiProperty({ type: [ConversationSummaryResponse], description: 'By last activity, newest first.' })
  items: ConversationSummaryResponse[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Opaque; null at the end.' })
  nextCursor: string | null;
}
