import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One login of one person on one device. It lives until it is revoked or not used for too long, and
 * is the family of the refresh tokens that follow one another in it.
 */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** SHA-256 of the refresh token that is good now. */
  @Column('bytea', { name: 'refresh_hash', select: false })
  refreshHash: Buffer;

  /** SHA-256 of the one before it, which is good for a few seconds more. */
  @Column('bytea', { name: 'previous_refresh_hash', nullable: true, select: false })
  previousRefreshHash: Buffer | null;

  @Column('timestamptz', { name: 'rotated_at' })
  rotatedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt: Date;
}
