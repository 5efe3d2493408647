import { ApiProperty } from '@nestjs/swagger';
import type { ConversationKind, ConversationView, MemberView, Page, Role } from '@parley/contracts';

export class MemberResponse implements MemberView {
  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  userId: string;

  @ApiProperty({ example: 'ada' })
  username: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  displayName: string;

  @ApiProperty({ enum: ['owner', 'admin', 'member'], example: 'owner' })
  role: Role;

  @ApiProperty({ example: 1, description: 'The seq of the change with which they joined; 0 in a direct conversation.' })
  joinedSeq: number;
}

export class MemberPageResponse implements Page<MemberView> {
  @ApiProperty({ type: [MemberResponse], description: 'The owner, then admins, then members, each by joining.' })
  items: MemberResponse[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Opaque; null at the end.' })
  nextCursor: string | null;
}

export class ConversationResponse implements ConversationView {
  @ApiProperty({ format: 'uuid', example: '01976f70-2f3e-7c11-8a6d-0b1c2d3e4f50' })
  id: string;

  @ApiProperty({ enum: ['direct', 'group'], example: 'group' })
  kind: ConversationKind;

  @ApiProperty({ type: String, nullable: true, example: 'Analytical engines', description: 'Null when direct.' })
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
    nullable: true,
    description: 'Null in a large group: ask for the list of members.',
  })
  members: MemberResponse[] | null;
}
