import { LIMITS, type WatchPresence } from '@parley/contracts';
import { IsIdList } from '../../common/input-decorators.js';

export class WatchPresenceDto implements WatchPresence {
  @IsIdList(1, LIMITS.presenceWatchMax)
  userIds: string[];
}
