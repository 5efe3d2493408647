import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type UpdateProfile } from '@parley/contracts';
import { IsText } from '../../common/text.js';

export class UpdateProfileDto implements UpdateProfile {
  @ApiProperty({ example: 'Ada Lovelace', minLength: 1, maxLength: LIMITS.displayNameMax })
  @IsText({ min: 1, max: LIMITS.displayNameMax, singleLine: true })
  displayName: string;
}
