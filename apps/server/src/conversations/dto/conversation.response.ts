import { ApiProperty } from '@nestjs/swagger';
import {
  LIMITS,
  type ConversationKind,
  type ConversationView,
  type MemberView,
  type Page,
  type Role,
} from '@parley/contracts';
import { CURSOR_MAX_LENGTH } from '../../common/cursor.js';

export class MemberResponse implements MemberView {
  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  userId: string;

  @ApiProperty({ example: 'ada', maxLength: LIMITS.usernameMax })
  username: string;

  @ApiProperty({ example: 'Ada Lovelace', maxLength: LIMITS.displayNameMax })
  displayName: string;

  @ApiProperty({ enum: ['owner', 'admin', 'member'], example: 'owner' })
  role: Role;

  @ApiProperty({ example: 1, description: 'The seq of the change with which they joined; 0 in a direct conversation.' })
  joinedSeq: number;
}

export class MemberPageResponse implements Page<MemberView> {
  @ApiProperty({
    type: [MemberResponse],
    maxItems: LIMITS.listPageMax,
    description: 'The owner, then admins, then members, each by joining.',
  })
  items: MemberResponse[];

  @ApiProperty({
    type: String,
    maxLength: CURSOR_MAX_LENGTH,
    nullable: true,
    example: null,
    description: 'Opaque; null at the end.',
  })
  nextCursor: string | null;
}

export class ConversationResponse implements ConversationView {
  @ApiProperty({ format: 'uuid', example: '01976f70-2f3e-7c11-8a6d-0b1c2d3e4f50' })
  id: string;

  @ApiProperty({ enum: ['direct', 'group'], example: 'group' })
  kind: ConversationKind;

  @ApiProperty({
    type: String,
    maxLength: LIMITS.titleMax,
    nullable: true,
    example: 'Analytical engines',
    description: 'Null when direct.',
  })
  title: string | null;

  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  createdBy: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  createdAt: string;

  @ApiProperty({ example: 1 })
  memberCount: number;

  @ApiProperty({ example: 1, description: 'Grows by one with every change of members or roles.' })
  memberVersion: number;

  @ApiProperty({
    type: [MemberResponse],
    maxItems: LIMITS.membersInlineMax,
    nullable: true,
    description: 'Null in a large group: ask for the list of members.',
  })
  members: MemberResponse[] | null;
}
