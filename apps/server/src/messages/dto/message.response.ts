import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  LIMITS,
  type MessageKind,
  type MessagePage,
  type MessageView,
  type ReactionView,
  type SentMessageView,
  type SystemEvent,
} from '@parley/contracts';
import { SYSTEM_EVENTS } from './system-event.response.js';

export class ReactionResponse implements ReactionView {
  @ApiProperty({ example: '👍', maxLength: LIMITS.emojiMaxLength })
  emoji: string;

  @ApiProperty({ example: 1 })
  count: number;

  @ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' }, maxItems: LIMITS.groupMembersMax })
  userIds: string[];
}

@ApiExtraModels(...SYSTEM_EVENTS)
export class MessageResponse implements MessageView {
  @ApiProperty({ format: 'uuid', example: '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a' })
  conversationId: string;

  @ApiProperty({ example: 42, description: 'Its number in the conversation: gapless and the same for everybody.' })
  seq: number;

  @ApiProperty({ format: 'uuid', example: '0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718' })
  senderId: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '0192f0c1-7b5e-7c3a-9d1e-3f2a1b4c5d6e' })
  clientId: string | null;

  @ApiProperty({ enum: ['text', 'system'], example: 'text' })
  kind: MessageKind;

  @ApiProperty({
    type: String,
    maxLength: LIMITS.bodyMaxCharacters,
    nullable: true,
    example: 'Hello, Ben!',
    description: 'Null when deleted, and in system messages.',
  })
  body: string | null;

  @ApiProperty({
    oneOf: SYSTEM_EVENTS.map((event) => ({ $ref: getSchemaPath(event) })),
    nullable: true,
    example: null,
    description: 'What a system message tells.',
  })
  data: SystemEvent | null;

  @ApiProperty({ type: Number, nullable: true, example: null, description: 'The seq of the message it answers.' })
  replyTo: number | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: LIMITS.mentionsMax,
    example: [],
    description: 'The members whom it mentions.',
  })
  mentions: string[];

  @ApiProperty({ example: false, description: 'Whether it mentions everybody.' })
  mentionsAll: boolean;

  @ApiProperty({ type: [ReactionResponse], maxItems: LIMITS.reactionKindsMax, example: [] })
  reactions: ReactionResponse[];

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:15:00.000Z' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  editedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  deletedAt: string | null;

  @ApiProperty({ type: Number, nullable: true, example: null, description: 'The number that its latest change took.' })
  changedSeq: number | null;

  @ApiProperty({ example: 1, description: '1 when sent, one more with every edit and with the deletion.' })
  version: number;
}

export class SentMessageResponse extends MessageResponse implements SentMessageView {
  @ApiProperty({ example: false, description: 'Whether this clientId had been sent before.' })
  duplicate: boolean;
}

export class MessagePageResponse implements MessagePage {
  @ApiProperty({ type: [MessageResponse], maxItems: LIMITS.historyPageMax, description: 'In ascending seq.' })
  items: MessageResponse[];

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 12,
    description: 'Ask for before= this; null at the beginning.',
  })
  before: number | null;

  @ApiProperty({ type: Number, nullable: true, example: null, description: 'Ask for after= this; null at the head.' })
  after: number | null;
}
