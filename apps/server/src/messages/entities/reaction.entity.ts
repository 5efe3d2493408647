import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One person's emoji on one message. They come and go with a change of the message, which takes the number. */
@Entity('reactions')
export class ReactionEntity {
  @PrimaryColumn('uuid', { name: 'conversation_id' })
  conversationId: string;

  @PrimaryColumn('bigint')
  seq: number;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('text')
  emoji: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
