import type { AccessTokenClaims } from './access-token.js';
import { VerifiedTokens } from './verified-tokens.js';

describe('the access tokens that were verified before', () => {
  const claims = (exp: number): AccessTokenClaims => ({ sub: 'ada', sid: 'session', jti: 'one', iat: 0, exp });

  it('are found by their text until they expire, and forgotten then', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('a', claims(60));
    expect(tokens.find('a', 59)).toEqual(claims(60));
    expect(tokens.find('b', 59)).toBeNull();
    expect(tokens.find('a', 60)).toBeNull();
    expect(tokens.find('a', 59)).toBeNull();
  });

  it('are no more than ten thousand: for another one the oldest goes', () => {
    const tokens = new VerifiedTokens();
    for (let number = 0; number <= 10_000; number += 1) tokens.remember(String(number), claims(60));
    expect([0, 1, 10_000].map((number) => tokens.find(String(number), 0) !== null)).toEqual([false, true, true]);
  });
});
