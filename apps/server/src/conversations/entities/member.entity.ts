import type { Role } from '@parley/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person in a conversation, also after they left, with their own position and settings. */
@Entity('members')
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'conversation_id' })
  conversationId: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  /** The other person of a direct conversation; null in a group. */
  @Column('uuid', { name: 'peer_id', nullable: true })
  peerId: string | null;

  @Column('text')
  role: Role;

  /** The number of the change with which they joined, the latest time. */
  @Column('bigint', { name: 'joined_seq' })
  joinedSeq: number;

  /** History before this number is not shown to them. */
  @Column('bigint', { name: 'visible_from_seq' })
  visibleFromSeq: number;

  /** The number of the change with which they left; null while they are a member. */
  @Column('bigint', { name: 'left_seq', nullable: true })
  leftSeq: number | null;

  @Column('bigint', { name: 'read_seq' })
  readSeq: number;

  @Column('bigint', { name: 'delivered_seq' })
  deliveredSeq: number;

  @Column('timestamptz', { name: 'muted_until', nullable: true })
  mutedUntil: Date | null;

  @Column('timestamptz', { name: 'pinned_at', nullable: true })
  pinnedAt: Date | null;

  @Column('timestamptz', { name: 'archived_at', nullable: true })
  archivedAt: Date | null;
}
