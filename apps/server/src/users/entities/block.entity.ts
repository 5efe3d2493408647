import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One person wants nothing to do with another. It has one direction; what it forbids has two. */
@Entity('blocks')
export class BlockEntity {
  @PrimaryColumn('uuid', { name: 'blocker_id' })
  blockerId: string;

  @PrimaryColumn('uuid', { name: 'blocked_id' })
  blockedId: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
