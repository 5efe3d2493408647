import type { PresenceState } from '@parley/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was told last about a person. Somebody without one is offline. */
@Entity('presences')
export class PresenceEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  state: PresenceState;
}
