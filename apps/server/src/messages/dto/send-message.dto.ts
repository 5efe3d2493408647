import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type SendMessage } from '@parley/contracts';
import { IsOptional } from 'class-validator';
import { IsId, IsSeq } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

export class SendMessageDto implements SendMessage {
  @ApiProperty({
    format: 'uuid',
    example: '0192f0c1-7b5e-7c3a-9d1e-3f2a1b4c5d6e',
    description: 'Made by the client before its first try and kept for every retry.',
  })
  @IsId()
  clientId: string;

  @ApiProperty({ example: 'Hello, Ben!', maxLength: LIMITS.bodyMaxCharacters, description: 'Plain text, kept in NFC.' })
  @IsText({ min: 1, max: LIMITS.bodyMaxCharacters, maxBytes: LIMITS.bodyMaxBytes })
  body: string;

  @ApiPropertyOptional({ type: Number, example: 41, description: 'The seq of the message it answers.' })
  @IsOptional()
  @IsSeq()
  replyTo?: number;
}
