import { createSecretKey, type KeyObject } from 'node:crypto';
import { isUUID } from 'class-validator';
import { DomainError } from '../common/domain-error.js';

const ISSUER = 'parley';
const AUDIENCE = 'parley';
/** Tells an access token from whatever else the same key may sign one day. */
const USE = 'access';

/** No access token is good for longer than this, whatever it says. */
export const ACCESS_TOKEN_MAX_SECONDS = 600;
/** How far the clock of another node may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

/** How access tokens are verified, over REST and on sockets alike. `complete` shows the header as well. */
export const VERIFY_OPTIONS = { algorithms: ['HS256' as const], issuer: ISSUER, audience: AUDIENCE, complete: true };

/** How they are signed. */
export const SIGN_OPTIONS = { algorithm: 'HS256' as const, issuer: ISSUER, audience: AUDIENCE };

/**
 * The key that signs and verifies. Given as text, the JWT library would first try to read it as a PEM
 * key, which fails slowly: a millisecond for each token.
 */
export function toSigningKey(secret: string): KeyObject {
  return createSecretKey(secret, 'utf8');
}

export interface AccessTokenClaims {
  /** The person. */
  sub: string;
  /** The session. */
  sid: string;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

/** What is signed, beside what {@link SIGN_OPTIONS} add. */
export function toTokenBody(claims: AccessTokenClaims): AccessTokenClaims & { use: string } {
  return { ...claims, use: USE };
}

/**
 * Reads the claims of a token whose signature, expiry, issuer and audience were verified with
 * {@link VERIFY_OPTIONS}. The library lets a missing claim pass; here each one is required.
 * @throws DomainError `token_invalid`
 */
export function readClaims(token: unknown, nowSeconds: number): AccessTokenClaims {
  const { header, payload } = asRecord(token);
  // An extension that the signer called critical, and that nobody here understands (RFC 7515, 4.1.11).
  if ('crit' in asRecord(header)) throw tokenInvalid();
  const { sub, sid, jti, iat, exp, aud, use } = asRecord(payload);
  if (use !== USE || aud !== AUDIENCE) throw tokenInvalid();
  if (!isId(sub) || !isId(sid) || typeof jti !== 'string' || jti === '') throw tokenInvalid();
  if (!isTime(iat) || !isTime(exp)) throw tokenInvalid();
  if (exp - iat > ACCESS_TOKEN_MAX_SECONDS || iat > nowSeconds + CLOCK_SKEW_SECONDS) throw tokenInvalid();
  return { sub, sid, jti, iat, exp };
}

/** One answer for every way in which a token can be wrong. */
export function tokenInvalid(): DomainError {
  return new DomainError('token_invalid', 'The access token is not valid');
}

function asRecord(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== 'object') throw tokenInvalid();
  return value as Record<string, unknown>;
}

function isId(value: unknown): value is string {
  return isUUID(value, 'loose');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
