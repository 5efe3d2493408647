import { ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type UpdateProfile } from '@parley/contracts';
import { IsBoolean } from 'class-validator';
import { IfGiven } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

export class UpdateProfileDto implements UpdateProfile {
  @ApiPropertyOptional({ example: 'Ada Lovelace', minLength: 1, maxLength: LIMITS.displayNameMax })
  @IfGiven()
  @IsText({ min: 1, max: LIMITS.displayNameMax, singleLine: true })
  displayName?: string;

  @ApiPropertyOptional({ example: true, description: 'False hides from others how far you have read.' })
  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  readReceipts?: boolean;
}
