import type { ConversationKind } from '@parley/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a conversation is; where it stands is in its head. */
@Entity('conversations')
export class ConversationEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: ConversationKind;

  /** Of a group; null in a direct conversation. */
  @Column('text', { nullable: true })
  title: string | null;

  /** The sorted pair of a direct conversation; null in a group. */
  @Column('text', { name: 'direct_key', nullable: true })
  directKey: string | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
