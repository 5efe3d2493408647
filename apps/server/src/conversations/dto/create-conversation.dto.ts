import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS, type ConversationKind, type CreateConversation } from '@parley/contracts';
import { IsIn, ValidateBy, ValidateIf } from 'class-validator';
import { IsIdList } from '../../common/input-decorators.js';
import { IsText } from '../../common/text.js';

const isDirect = (input: unknown): boolean => (input as CreateConversationDto).kind === 'direct';

/** In a direct conversation: only what `fits`. Says nothing about groups. */
function IfDirect(fits: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({
    name: 'ifDirect',
    validator: {
      validate: (value, args) => !isDirect(args?.object) || fits(value),
      defaultMessage: () => message,
    },
  });
}

export class CreateConversationDto implements CreateConversation {
  @ApiProperty({ enum: ['direct', 'group'], example: 'group' })
  @IsIn(['direct', 'group'], { message: 'must be direct or group' })
  kind: ConversationKind;

  @ApiPropertyOptional({
    example: 'Analytical engines',
    minLength: 1,
    maxLength: LIMITS.titleMax,
    description: 'Required for a group; a direct conversation has none.',
  })
  @ValidateIf((input: CreateConversationDto) => input.title !== undefined || input.kind === 'group')
  @IsText({ min: 1, max: LIMITS.titleMax, singleLine: true })
  @IfDirect((title) => title === undefined, 'must be left out for a direct conversation')
  title?: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: LIMITS.memberIdsPerRequestMax,
    example: ['01976f6e-8c4b-7a50-9d1e-5f0a4a3c2b11'],
    description: 'The other people: exactly one for a direct conversation, any number for a group.',
  })
  @IsIdList(0, LIMITS.memberIdsPerRequestMax)
  @IfDirect((ids) => !Array.isArray(ids) || ids.length === 1, 'must name one person for a direct conversation')
  memberIds: string[];
}
