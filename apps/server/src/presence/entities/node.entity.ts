import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A running server. It lives as long as it renews its lease. */
@Entity('nodes')
export class NodeEntity {
  /** New at each start, so that a restarted server inherits no connections. */
  @PrimaryColumn('uuid', { name: 'boot_id' })
  bootId: string;

  @Column('timestamptz', { name: 'lease_until' })
  leaseUntil: Date;
}
