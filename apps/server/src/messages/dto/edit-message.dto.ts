import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type EditMessage } from '@parley/contracts';
import { IsText } from '../../common/text.js';
import { IsVersion } from './is-version.js';

export class EditMessageDto implements EditMessage {
  @ApiProperty({ example: 'Hello, Benjamin!', maxLength: LIMITS.bodyMaxCharacters, description: 'Kept in NFC.' })
  @IsText({ min: 1, max: LIMITS.bodyMaxCharacters, maxBytes: LIMITS.bodyMaxBytes })
  body: string;

  @ApiPropertyOptional({
    type: Number,
    example: 1,
    description: 'The version that was edited: when the message has another by now, the edit is refused.',
  })
  @IsVersion()
  version?: number;
}
