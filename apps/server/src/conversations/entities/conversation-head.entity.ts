import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The end of a conversation's number line, and the row whose lock orders its changes. */
@Entity('conversation_heads')
export class ConversationHeadEntity {
  @PrimaryColumn('uuid', { name: 'conversation_id' })
  conversationId: string;

  @Column('bigint', { name: 'last_seq' })
  lastSeq: number;

  /** Grows by one with every change of members or roles. */
  @Column('integer', { name: 'member_version' })
  memberVersion: number;

  @Column('timestamptz', { name: 'last_message_at', default: () => 'now()' })
  lastMessageAt: Date;
}
