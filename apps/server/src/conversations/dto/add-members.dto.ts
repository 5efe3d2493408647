import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type AddMembers } from '@parley/contracts';
import { IsIdList } from '../../common/input-decorators.js';

export class AddMembersDto implements AddMembers {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: LIMITS.memberIdsPerRequestMax,
    example: ['01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b12'],
  })
  @IsIdList(1, LIMITS.memberIdsPerRequestMax)
  userIds: string[];
}
