import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type PresenceState, type PresenceView } from '@parley/contracts';

export class PresenceResponse implements PresenceView {
  @ApiProperty({ format: 'uuid', example: '0192f0bf-5c2e-7f00-a1b2-c3d4e5f60718' })
  userId: string;

  @ApiProperty({ enum: ['active', 'away', 'offline'], example: 'offline', description: 'Over all of their devices.' })
  state: PresenceState;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-11-23T10:15:00.000Z',
    description: 'When they were connected last; null while they are online, and when they never were.',
  })
  lastSeenAt: string | null;
}

export class PresenceListResponse {
  @ApiProperty({ type: [PresenceResponse], maxItems: LIMITS.presenceWatchMax })
  items: PresenceResponse[];
}
