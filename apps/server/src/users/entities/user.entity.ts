import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A person. What checks their password is not selected unless it is named, so that it does not
 * travel by accident. The `…Key` columns are folded for comparison and search (`fold-key.ts`).
 */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  username: string;

  @Column('text', { name: 'username_key' })
  usernameKey: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text', { name: 'display_name_key' })
  displayNameKey: string;

  @Column('text', { name: 'password_hash', select: false })
  passwordHash: string;

  /** Grows by one with every change of the password. */
  @Column('integer', { name: 'auth_version', select: false })
  authVersion: number;

  /** Whether others are told how far this person has read. */
  @Column('boolean', { name: 'read_receipts', default: true })
  readReceipts: boolean;

  /** Grows by one each time `readReceipts` is switched. */
  @Column('integer', { name: 'read_receipts_version', select: false, default: 0 })
  readReceiptsVersion: number;

  @Column('timestamptz', { name: 'deactivated_at', nullable: true })
  deactivatedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
