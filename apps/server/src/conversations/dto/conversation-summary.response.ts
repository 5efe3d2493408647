import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  LIMITS,
  type ConversationSettingsView,
  type ConversationSummary,
  type MessageView,
  type Page,
  type ReceiptView,
  type Role,
} from '@parley/contracts';
import { CURSOR_MAX_LENGTH } from '../../common/cursor.js';
import { ConversationResponse } from './conversation.response.js';

export class ConversationSettingsResponse implements ConversationSettingsView {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  mutedUntil: string | null;

  @ApiProperty({ example: true })
  pinned: boolean;

  @ApiProperty({ example: false })
  archived: boolean;
}

export class ReceiptResponse implements ReceiptView {
  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  userId: string;

  @ApiProperty({ type: Number, nullable: true, example: 40, description: 'Null when this person does not tell it.' })
  readSeq: number | null;

  @ApiProperty({ example: 42 })
  deliveredSeq: number;
}

export class ReceiptPageResponse implements Page<ReceiptView> {
  @ApiProperty({ type: [ReceiptResponse], maxItems: LIMITS.listPageMax, description: 'By the ids of the members.' })
  items: ReceiptResponse[];

  @ApiProperty({
    type: String,
    maxLength: CURSOR_MAX_LENGTH,
    nullable: true,
    example: null,
    description: 'Opaque; null at the end.',
  })
  nextCursor: string | null;
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

  @ApiProperty({
    type: [ReceiptResponse],
    maxItems: LIMITS.membersInlineMax,
    nullable: true,
    description: 'How far each member has got; null in a large group.',
  })
  receipts: ReceiptResponse[] | null;

  @ApiProperty({ type: ConversationSettingsResponse })
  settings: ConversationSettingsResponse;
}

export class ConversationSummaryPageResponse implements Page<ConversationSummary> {
  @ApiProperty({
    type: [ConversationSummaryResponse],
    maxItems: LIMITS.listPageMax,
    description: 'By last activity, newest first.',
  })
  items: ConversationSummaryResponse[];

  @ApiProperty({
    type: String,
    maxLength: CURSOR_MAX_LENGTH,
    nullable: true,
    example: null,
    description: 'Opaque; null at the end.',
  })
  nextCursor: string | null;
}
