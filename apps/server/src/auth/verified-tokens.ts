import type { AccessTokenClaims } from './access-token.js';

/** Those of as many people as are likely to be at work with one node; about ten megabytes. */
const MAX_KEPT = 10_000;

/**
 * Access tokens whose signature and claims were found to be good, until they expire: that cannot change, and
 * finding it out again takes longer than most requests. Whether the session still lives can, and is not kept.
 */
export class VerifiedTokens {
  // In the order in which they came, which is about that in which they expire.
  private readonly claims = new Map<string, AccessTokenClaims>();

  /** Of the oldest ones no more than {@link MAX_KEPT} are kept. */
  remember(token: string, claims: AccessTokenClaims): void {
    this.claims.set(token, claims);
    if (this.claims.size <= MAX_KEPT) return;
    const [oldest = ''] = this.claims.keys();
    this.claims.delete(oldest);
  }

  /** Null for one that is not known, or not good any more. */
  find(token: string, nowSeconds: number): AccessTokenClaims | null {
    const claims = this.claims.get(token);
    if (claims === undefined) return null;
    if (claims.exp > nowSeconds) return claims;
    this.claims.delete(token);
    return null;
  }
}
