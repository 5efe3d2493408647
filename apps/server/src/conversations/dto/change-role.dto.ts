import { ApiProperty } from '@nestjs/swagger';
import type { ChangeRole, Role } from '@parley/contracts';
import { IsIn } from 'class-validator';

export class ChangeRoleDto implements ChangeRole {
  @ApiProperty({ enum: ['owner', 'admin', 'member'], example: 'admin' })
  @IsIn(['owner', 'admin', 'member'], { message: 'must be owner, admin or member' })
  role: Role;
}
