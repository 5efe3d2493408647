import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type RenameConversation } from '@parley/contracts';
import { IsText } from '../../common/text.js';

export class RenameConversationDto implements RenameConversation {
  @ApiProperty({ example: 'Difference engines', minLength: 1, maxLength: LIMITS.titleMax })
  @IsText({ min: 1, max: LIMITS.titleMax, singleLine: true })
  title: string;
}
