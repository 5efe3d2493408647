import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

const SECRET_BYTES = 32;
const SEAL_BYTES = 16;
// 36 characters of a UUID, a dot, and 48 bytes in base64url, which need no padding and so have one spelling.
const FORM = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{64})$/;

/** A refresh token, made here or presented by somebody: its form is right, and no more is known of it. */
export interface RefreshToken {
  readonly text: string;
  readonly sessionId: string;
  /** SHA-256: all that is stored of a token. */
  readonly hash: Buffer;
}

/** What a session knows of its tokens. */
export interface TokenHashes {
  refreshHash: Buffer;
  previousRefreshHash: Buffer | null;
}

/**
 * What a presented token is to its session: the one that is good now; the one before it; an older
 * one, used up long ago; or none of its tokens at all.
 */
export type Standing = 'current' | 'previous' | 'spent' | 'foreign';

/**
 * Makes and judges refresh tokens: `<sessionId>.<secret>`, the secret being 256 bits and a seal.
 *
 * The first secret of a session is random. Each next one is derived from the token before it with a
 * key that only this server has: of two tabs that refresh at the same moment, both get the *same*
 * successor, although only hashes are stored; and whoever stole an old token cannot compute the next.
 *
 * The seal proves that this server made a token. A sealed token that is no longer good was used
 * before, so somebody has a copy, and the session ends. Without the seal, knowing the id of a session
 * would be enough to end it, with any made-up secret. The seal never makes a token good: only the
 * stored hash does.
 */
@Injectable()
export class RefreshTokens {
  private readonly rotationKey: Buffer;
  private readonly sealKey: Buffer;

  constructor(config: Config) {
    this.rotationKey = deriveKey(config.auth.secret, 'parley refresh token: rotation');
    this.sealKey = deriveKey(config.auth.secret, 'parley refresh token: seal');
  }

  /** The first token of a session. */
  create(sessionId: string): RefreshToken {
    return this.compose(sessionId, randomBytes(SECRET_BYTES));
  }

  /** The one token that follows this one. */
  successorOf(token: RefreshToken): RefreshToken {
    return this.compose(token.sessionId, createHmac('sha256', this.rotationKey).update(token.text).digest());
  }

  /** Takes apart what somebody presents; null if it cannot be a token. */
  parse(text: string): RefreshToken | null {
    const sessionId = FORM.exec(text)?.[1];
    return sessionId === undefined ? null : { text, sessionId, hash: sha256(text) };
  }

  /** What the token is to the session that it names. */
  judge(token: RefreshToken, session: TokenHashes): Standing {
    if (timingSafeEqual(token.hash, session.refreshHash)) return 'current';
    if (session.previousRefreshHash !== null && timingSafeEqual(token.hash, session.previousRefreshHash)) {
      return 'previous';
    }
    return this.isSealed(token) ? 'spent' : 'foreign';
  }

  private compose(sessionId: string, bits: Buffer): RefreshToken {
    const secret = Buffer.concat([bits, this.seal(sessionId, bits)]).toString('base64url');
    const text = `${sessionId}.${secret}`;
    return { text, sessionId, hash: sha256(text) };
  }

  private isSealed(token: RefreshToken): boolean {
    const secret = Buffer.from(token.text.slice(token.sessionId.length + 1), 'base64url');
    const bits = secret.subarray(0, SECRET_BYTES);
    return timingSafeEqual(secret.subarray(SECRET_BYTES), this.seal(token.sessionId, bits));
  }

  private seal(sessionId: string, bits: Buffer): Buffer {
    return createHmac('sha256', this.sealKey).update(sessionId).update(bits).digest().subarray(0, SEAL_BYTES);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Keys for different purposes, none of which tells anything about another (RFC 5869). */
function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, SECRET_BYTES));
}
