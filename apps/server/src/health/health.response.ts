import { ApiProperty } from '@nestjs/swagger';
import type { HealthView } from '@parley/contracts';

export class HealthResponse implements HealthView {
  @ApiProperty({ enum: ['ok', 'starting', 'draining', 'unavailable'], example: 'ok' })
  status: HealthView['status'];
}
