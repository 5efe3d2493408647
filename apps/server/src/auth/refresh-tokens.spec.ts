import { createHmac, randomBytes } from 'node:crypto';
import { testConfig } from '../../../../test/support/config.js';
import { newId } from '../common/id.js';
import { RefreshTokens, type RefreshToken } from './refresh-tokens.js';

describe('refresh tokens', () => {
  const withSecret = (secret: string): RefreshTokens =>
    new RefreshTokens(testConfig('postgres://nowhere', { PARLEY_JWT_SECRET: secret }));
  const tokens = withSecret('one secret of the tests, long enough');
  const sessionId = newId();

  /** A chain of tokens, each the successor of the one before. */
  function chain(length: number): RefreshToken[] {
    const made = [tokens.create(sessionId)];
    while (made.length < length) made.push(tokens.successorOf(made.at(-1)!));
    return made;
  }

  it('name their session and are 256 bits that nobody can guess', () => {
    const [one, other] = [tokens.create(sessionId), tokens.create(sessionId)];
    expect(one.text).toMatch(new RegExp(`^${sessionId}\\.[A-Za-z0-9_-]{64}$`));
    expect(one.text).not.toBe(other.text);
  });

  it('are read back as what they are', () => {
    const token = tokens.create(sessionId);
    expect(tokens.parse(token.text)).toEqual(token);
  });

  it.each([
    ['empty', ''],
    ['without a secret', `${newId()}.`],
    ['without a session', `.${'A'.repeat(64)}`],
    ['with a short secret', `${newId()}.${'A'.repeat(63)}`],
    ['with a long secret', `${newId()}.${'A'.repeat(65)}`],
    ['with another alphabet', `${newId()}.${'+'.repeat(64)}`],
    ['in capitals', `${newId().toUpperCase()}.${'A'.repeat(64)}`],
    ['with a line break behind', `${newId()}.${'A'.repeat(64)}\n`],
  ])('are not read when they are %s', (_, text) => {
    expect(tokens.parse(text)).toBeNull();
  });

  it('have one successor, which is another for every token, and which nobody without the key can compute', () => {
    const [first] = chain(1) as [RefreshToken];
    expect(tokens.successorOf(first)).toEqual(tokens.successorOf(first));
    expect(tokens.successorOf(first).text).not.toBe(tokens.successorOf(tokens.create(sessionId)).text);
    expect(withSecret('another secret, as long as the first').successorOf(first).text).not.toBe(
      tokens.successorOf(first).text,
    );
  });

  it('are told apart: the current one, the one before, older ones, and no token of the session at all', () => {
    const [first, second, third, fourth] = chain(4) as [RefreshToken, RefreshToken, RefreshToken, RefreshToken];
    const session = { refreshHash: fourth.hash, previousRefreshHash: third.hash };
    expect(tokens.judge(fourth, session)).toBe('current');
    expect(tokens.judge(third, session)).toBe('previous');
    expect(tokens.judge(second, session)).toBe('spent');
    expect(tokens.judge(first, session)).toBe('spent');
    expect(tokens.judge(madeUp(), session)).toBe('foreign');
  });

  it('prove nothing when their seal was made for another session or by another server', () => {
    const session = { refreshHash: tokens.create(sessionId).hash, previousRefreshHash: null };
    const [, secret] = tokens.create(newId()).text.split('.');
    const ofAnotherServer = withSecret('another secret, as long as the first').create(sessionId);
    expect(tokens.judge(tokens.parse(`${sessionId}.${secret}`)!, session)).toBe('foreign');
    expect(tokens.judge(ofAnotherServer, session)).toBe('foreign');
  });

  it('stay good when the secret of the server is changed, because the stored hash decides', () => {
    const token = tokens.create(sessionId);
    const renewed = withSecret('another secret, as long as the first');
    expect(renewed.judge(token, { refreshHash: token.hash, previousRefreshHash: null })).toBe('current');
  });

  it('do not sign with the secret that signs access tokens', () => {
    const secret = 'one secret of the tests, long enough';
    const [first, second] = chain(2) as [RefreshToken, RefreshToken];
    const withoutDerivation = createHmac('sha256', secret).update(first.text).digest('base64url');
    expect(second.text).not.toContain(withoutDerivation.slice(0, 40));
  });

  function madeUp(): RefreshToken {
    return tokens.parse(`${sessionId}.${randomBytes(48).toString('base64url')}`)!;
  }
});
