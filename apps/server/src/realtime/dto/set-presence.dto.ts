import type { SetPresence } from '@parley/contracts';
import { IsIn } from 'class-validator';

export class SetPresenceDto implements SetPresence {
  @IsIn(['active', 'away'], { message: 'must be active or away' })
  state: 'active' | 'away';
}
