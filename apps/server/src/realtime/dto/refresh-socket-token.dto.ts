import type { RefreshSocketToken } from '@parley/contracts';
import { IsText } from '../../common/text.js';

export class RefreshSocketTokenDto implements RefreshSocketToken {
  @IsText({ min: 1, max: 4_096 })
  accessToken: string;
}
