import { createHmac } from 'node:crypto';
import { newId } from '../../../apps/server/src/common/id.js';
import { ACCESS_TOKEN_MAX_SECONDS, SIGN_OPTIONS, toTokenBody } from '../../../apps/server/src/auth/access-token.js';
import type { Person } from './population.js';

/** Makes access tokens as the server makes them, with its secret, for people who never logged in. */
export function makeAccessToken({ userId, sessionId }: Person, secret: string): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = toTokenBody({ sub: userId, sid: sessionId, jti: newId(), iat, exp: iat + ACCESS_TOKEN_MAX_SECONDS });
  const signed = [
    { alg: SIGN_OPTIONS.algorithm, typ: 'JWT' },
    { ...claims, iss: SIGN_OPTIONS.issuer, aud: SIGN_OPTIONS.audience },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
