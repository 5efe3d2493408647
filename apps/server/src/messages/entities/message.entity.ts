import type { MessageKind, SystemEvent } from '@parley/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A message, addressed by its conversation and its number there. Texts are written by
 * `append_messages`, and changed by `message-changes.queries.ts`.
 */
@Entity('messages')
export class MessageEntity {
  @PrimaryColumn('uuid', { name: 'conversation_id' })
  conversationId: string;

  @PrimaryColumn('bigint')
  seq: number;

  @Column('uuid', { name: 'sender_id' })
  senderId: string;

  /** Made by the sender before the first try; null for system messages. */
  @Column('uuid', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('text')
  kind: MessageKind;

  @Column('text', { nullable: true })
  body: string | null;

  @Column('jsonb', { nullable: true })
  data: SystemEvent | null;

  @Column('bigint', { name: 'reply_to_seq', nullable: true })
  replyToSeq: number | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  /** The number that the latest change took. */
  @Column('bigint', { name: 'changed_seq', nullable: true })
  changedSeq: number | null;

  @Column('integer')
  version: number;

  /** Members whom the body mentions by name. */
  @Column('uuid', { array: true, nullable: true })
  mentioned: string[] | null;

  @Column('boolean', { name: 'mentions_all' })
  mentionsAll: boolean;

  /** SHA-256 of the first body, kept when it is edited or deleted, to know a late retry by. */
  @Column('bytea', { name: 'sent_digest', nullable: true, select: false })
  sentDigest: Buffer | null;
}
