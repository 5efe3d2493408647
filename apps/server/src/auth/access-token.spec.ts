import { JwtService } from '@nestjs/jwt';
import { testConfig } from '../../../../test/support/config.js';
import { forgeToken } from '../../../../test/support/forged-token.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import { jest } from '@jest/globals';
import { ACCESS_TOKEN_MAX_SECONDS, toSigningKey, VERIFY_OPTIONS } from './access-token.js';
import type { SessionLiveness } from './session-liveness.js';
import { TokensService } from './tokens.service.js';

describe('an access token', () => {
  const config = testConfig('postgres://nowhere');
  const { secret } = config.auth;
  const ada: Actor = { userId: newId(), sessionId: newId() };

  /** The service, for which every session is one of this person. */
  function tokensOf(userId: string | null): TokensService {
    const liveness: Pick<SessionLiveness, 'findUserId'> = { findUserId: async () => userId };
    return new TokensService(config, new JwtService({ secret: toSigningKey(secret) }), liveness as SessionLiveness);
  }
  const tokens = tokensOf(ada.userId);

  const now = (): number => Math.floor(Date.now() / 1_000);
  const claims = () => ({
    iss: 'parley',
    aud: 'parley',
    use: 'access',
    sub: ada.userId,
    sid: ada.sessionId,
    jti: newId(),
    iat: now(),
    exp: now() + 60,
  });
  const refusal = (code: string) => expect.objectContaining({ code });

  it('speaks for the person and the session it was issued for, until it expires', async () => {
    const { accessToken, expiresIn } = tokens.issue(ada);
    const { actor, expiresAt } = await tokens.verify(accessToken);
    expect(actor).toEqual(ada);
    expect(expiresIn).toBe(ACCESS_TOKEN_MAX_SECONDS);
    expect(expiresAt.getTime() / 1_000 - now()).toBeGreaterThan(expiresIn - 5);
  });

  it('is accepted in the form that the following tests tamper with', async () => {
    await expect(tokens.verify(forgeToken(claims(), secret))).resolves.toMatchObject({ actor: ada });
  });

  it.each(['iss', 'aud', 'use', 'sub', 'sid', 'jti', 'iat', 'exp'])('is refused without %s', async (claim) => {
    const { [claim]: _, ...others } = claims() as Record<string, unknown>;
    await expect(tokens.verify(forgeToken(others, secret))).rejects.toEqual(refusal('token_invalid'));
  });

  it.each([
    ['another issuer', { iss: 'somebody' }],
    ['another audience', { aud: 'somebody' }],
    ['more audiences than this one', { aud: ['parley', 'somebody'] }],
    ['another purpose', { use: 'refresh' }],
    ['a person who is not an id', { sub: "x' OR true" }],
    ['a session that is not an id', { sid: 'x' }],
    ['ids in lists', { sub: [newId()], sid: [newId()] }],
    ['an empty jti', { jti: '' }],
    ['a time that is a text', { exp: '9999999999' }],
    ['a time that is a fraction', { exp: now() + 30.5 }],
    ['a longer life than ten minutes', { iat: now(), exp: now() + ACCESS_TOKEN_MAX_SECONDS + 1 }],
    ['a long life that began long ago', { iat: now() - 86_400 }],
    ['a beginning in the future', { iat: now() + 3_600, exp: now() + 3_660 }],
    ['a time before which it is not valid', { nbf: now() + 60 }],
  ])('is refused with %s', async (_, changes) => {
    const token = forgeToken({ ...claims(), ...changes }, secret);
    await expect(tokens.verify(token)).rejects.toEqual(refusal('token_invalid'));
  });

  it('is refused when it has expired', async () => {
    const token = forgeToken({ ...claims(), iat: now() - 61, exp: now() - 1 }, secret);
    await expect(tokens.verify(token)).rejects.toEqual(refusal('token_expired'));
  });

  it.each(['none', 'None', 'HS384', 'HS512', 'RS256', 'HS256 '])('is refused with the algorithm "%s"', async (alg) => {
    await expect(tokens.verify(forgeToken(claims(), secret, { alg }))).rejects.toEqual(refusal('token_invalid'));
  });

  it('is refused with an extension that it calls critical', async () => {
    const token = forgeToken(claims(), secret, { crit: ['exp'] });
    await expect(tokens.verify(token)).rejects.toEqual(refusal('token_invalid'));
  });

  it('is refused with a signature by another key, over other claims, or without one', async () => {
    const [header, payload, signature] = forgeToken(claims(), secret).split('.');
    const others = Buffer.from(JSON.stringify({ ...claims(), sub: newId() })).toString('base64url');
    for (const token of [
      forgeToken(claims(), 'x'.repeat(32)),
      `${header}.${others}.${signature}`,
      `${header}.${payload}.`,
    ]) {
      await expect(tokens.verify(token)).rejects.toEqual(refusal('token_invalid'));
    }
  });

  it.each([
    ['empty', ''],
    ['one word', 'x'],
    ['dots', '..'],
    ['over a header that is null', `${Buffer.from('null').toString('base64url')}.e30.x`],
    ['over a header that is a number', `${Buffer.from('1').toString('base64url')}.e30.x`],
    ['over null', forgeToken('null', secret)],
    ['over a text', forgeToken('"ada"', secret)],
    ['over a list', forgeToken('[]', secret)],
    ['over what is not JSON', forgeToken('{', secret)],
  ])('is refused when it is %s', async (_, token) => {
    await expect(tokens.verify(token)).rejects.toEqual(refusal('token_invalid'));
  });

  describe('of a request, when it was verified before', () => {
    const seen = async (service: TokensService): Promise<string> => {
      const token = forgeToken(claims(), secret);
      expect(await service.recognize(token)).toBeNull();
      const verified = new JwtService({ secret: toSigningKey(secret) }).verify<object>(token, VERIFY_OPTIONS);
      await service.admit(verified, token).catch(() => undefined);
      return token;
    };

    afterEach(() => jest.restoreAllMocks());

    it('is recognized by its text and no other', async () => {
      const token = await seen(tokens);
      await expect(tokens.recognize(token)).resolves.toMatchObject({ actor: ada });
      for (const other of ['', token.slice(0, -1), `${token}x`, forgeToken(claims(), secret)]) {
        await expect(tokens.recognize(other)).resolves.toBeNull();
      }
    });

    it('has to be verified again, and is refused, when it has expired', async () => {
      const token = await seen(tokens);
      const later = Date.now() + 60_000;
      jest.spyOn(Date, 'now').mockReturnValue(later);
      await expect(tokens.recognize(token)).resolves.toBeNull();
      await expect(tokens.verify(token)).rejects.toEqual(refusal('token_expired'));
    });

    it('is refused when its session has ended since', async () => {
      const service = tokensOf(null);
      await expect(service.recognize(await seen(service))).rejects.toEqual(refusal('session_ended'));
    });
  });

  it('is refused when its session has ended, or is somebody else’s', async () => {
    const token = forgeToken(claims(), secret);
    await expect(tokensOf(null).verify(token)).rejects.toEqual(refusal('session_ended'));
    await expect(tokensOf(newId()).verify(token)).rejects.toEqual(refusal('session_ended'));
  });
});
