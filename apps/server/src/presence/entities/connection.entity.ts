import type { PresenceState } from '@parley/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A device that is connected to a node, or was until a moment ago. */
@Entity('connections')
export class ConnectionEntity {
  @PrimaryColumn('uuid', { name: 'boot_id' })
  bootId: string;

  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId: string;

  @Column('uuid', { name: 'session_id' })
  sessionId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  state: Exclude<PresenceState, 'offline'>;

  /** Null while it is open. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
