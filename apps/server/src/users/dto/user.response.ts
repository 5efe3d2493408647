import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type Page, type ProfileView, type UserView } from '@parley/contracts';
import { CURSOR_MAX_LENGTH } from '../../common/cursor.js';

export class UserResponse implements UserView {
  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  id: string;

  @ApiProperty({ example: 'ada', maxLength: LIMITS.usernameMax })
  username: string;

  @ApiProperty({ example: 'Ada Lovelace', maxLength: LIMITS.displayNameMax })
  displayName: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  createdAt: string;
}

export class ProfileResponse extends UserResponse implements ProfileView {
  @ApiProperty({ example: true, description: 'Whether others are told how far you have read.' })
  readReceipts: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T09:30:00.000Z' })
  updatedAt: string;
}

export class UserPageResponse implements Page<UserView> {
  @ApiProperty({ type: [UserResponse], maxItems: LIMITS.listPageMax })
  items: UserResponse[];

  @ApiProperty({
    type: String,
    maxLength: CURSOR_MAX_LENGTH,
    nullable: true,
    example: null,
    description: 'Opaque; null at the end.',
  })
  nextCursor: string | null;
}
