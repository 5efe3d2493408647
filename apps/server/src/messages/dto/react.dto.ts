import type { React } from '@parley/contracts';
import { IsEmoji } from '../emoji.js';

export class ReactDto implements React {
  @IsEmoji()
  emoji: string;
}
