import { ApiProperty } from '@nestjs/swagger';
import type { Page, ProfileView, UserView } from '@parley/contracts';

export class UserResponse implements UserView {
  @ApiProperty({ format: 'uuid', example: '01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b10' })
  id: string;

  @ApiProperty({ example: 'ada' })
  username: string;

  @ApiProperty({ example: 'Ada Lovelace' })
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
  @ApiProperty({ type: [UserResponse] })
  items: UserResponse[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Opaque; null at the end.' })
  nextCursor: string | null;
}
