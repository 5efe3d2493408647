import { createHash, randomBytes } from 'node:crypto';
import type { AuthView } from '@parley/contracts';
import { CLIENT, sessionIdOf, startAccounts, type AccountsNode } from '../../../../test/support/accounts-node.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { overtake } from '../../../../test/support/overtake.js';
import { newId } from '../common/id.js';

describe('refreshing a session', () => {
  let database: TestDatabase;
  let node: AccountsNode, otherNode: AccountsNode;
  beforeAll(async () => {
    database = await createDatabase();
    [node, otherNode] = await Promise.all([startAccounts(database.url), startAccounts(database.url)]);
  });
  afterAll(async () => {
    await Promise.all([node.close(), otherNode.close()]);
    await database.drop();
  });

  const refusal = (code: string) => expect.objectContaining({ code });
  const refresh = (refreshToken: string, on = node): Promise<AuthView> =>
    on.refreshes.refresh(CLIENT, { refreshToken });
  const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

  interface StoredSession {
    refresh_hash: Buffer;
    previous_refresh_hash: Buffer | null;
    revoked_at: Date | null;
    ip: string;
    user_agent: string;
    lasts: number;
  }
  async function stored(sessionId: string): Promise<StoredSession> {
    const [row]: StoredSession[] = await node.dataSource.query(
      'SELECT *, extract(epoch FROM expires_at - now())::float8 AS lasts FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row!;
  }

  /** Lets time pass for a session: what happened to it has happened that much earlier. */
  async function pass(sessionId: string, interval: string): Promise<void> {
    await node.dataSource.query(
      `UPDATE sessions SET rotated_at = rotated_at - $2::interval, expires_at = expires_at - $2::interval WHERE id = $1`,
      [sessionId, interval],
    );
  }

  it('gives another refresh token and a good access token, for the same session', async () => {
    const { view, actor } = await node.register('ada-rotates');
    const next = await refresh(view.refreshToken);
    expect(next.user).toEqual(view.user);
    expect(next.refreshToken).not.toBe(view.refreshToken);
    await expect(node.tokens.verify(next.accessToken)).resolves.toMatchObject({ actor });
    await expect(refresh(next.refreshToken)).resolves.toMatchObject({ user: { id: actor.userId } });
  });

  it('stores the hash of the token and nothing from which it could be told', async () => {
    const { view, actor } = await node.register('ada-hashed');
    const { refreshToken } = await refresh(view.refreshToken);
    const session = await stored(actor.sessionId);
    expect(session.refresh_hash).toEqual(sha256(refreshToken));
    expect(session.previous_refresh_hash).toEqual(sha256(view.refreshToken));
    const [{ row }]: [{ row: string }] = await node.dataSource.query(
      'SELECT sessions::text AS row FROM sessions WHERE id = $1',
      [actor.sessionId],
    );
    const bits = Buffer.from(refreshToken.split('.')[1]!, 'base64url').subarray(0, 32);
    expect(row).toContain(session.refresh_hash.toString('hex'));
    expect(row).not.toContain(bits.toString('hex'));
  });

  it('makes the session last from then on, and notes from where it was', async () => {
    const { view, actor } = await node.register('ada-lasts');
    await pass(actor.sessionId, '20 days');
    await node.refreshes.refresh(
      { ip: '198.51.100.7', userAgent: 'another place' },
      { refreshToken: view.refreshToken },
    );
    const session = await stored(actor.sessionId);
    expect(session).toMatchObject({ ip: '198.51.100.7', user_agent: 'another place' });
    expect(session.lasts / 86_400).toBeCloseTo(30, 1);
  });

  it('gives twenty tabs on two nodes that refresh at once the same successor, and rotates once', async () => {
    const { view, actor } = await node.register('ada-races');
    const tabs = await Promise.all(
      Array.from({ length: 20 }, (_, tab) => refresh(view.refreshToken, tab % 2 === 0 ? node : otherNode)),
    );
    const successors = new Set(tabs.map((tab) => tab.refreshToken));
    const session = await stored(actor.sessionId);
    expect(successors.size).toBe(1);
    expect(session.refresh_hash).toEqual(sha256(tabs[0]!.refreshToken));
    expect(session.previous_refresh_hash).toEqual(sha256(view.refreshToken));
    expect(new Set(tabs.map((tab) => tab.accessToken)).size).toBe(20);
    await Promise.all(tabs.map((tab) => node.tokens.verify(tab.accessToken)));
  });

  it('still gives the same successor to a tab that comes nine seconds late', async () => {
    const { view, actor } = await node.register('ada-late');
    const next = await refresh(view.refreshToken);
    await pass(actor.sessionId, '9 seconds');
    await expect(refresh(view.refreshToken)).resolves.toMatchObject({ refreshToken: next.refreshToken });
  });

  it('ends the session when a token is used again after that, and says so to its sockets', async () => {
    const { view, actor } = await node.register('ada-reuses');
    const next = await refresh(view.refreshToken);
    await pass(actor.sessionId, '11 seconds');
    node.facts.length = 0;
    await expect(refresh(view.refreshToken)).rejects.toEqual(refusal('refresh_token_reused'));
    expect(node.facts).toEqual([
      {
        type: 'session:ended',
        audience: { sessionIds: [actor.sessionId] },
        payload: { reason: 'session_revoked', mayReconnect: false, retryInMs: null },
        closes: 'session_revoked',
      },
    ]);
    await expect(node.tokens.verify(next.accessToken)).rejects.toEqual(refusal('session_ended'));
    await expect(refresh(next.refreshToken)).rejects.toEqual(refusal('session_ended'));
    await expect(refresh(view.refreshToken)).rejects.toEqual(refusal('session_ended'));
    expect(node.facts).toHaveLength(1);
  });

  it('ends the session at once when a token is older than the one before', async () => {
    const { view, actor } = await node.register('ada-older');
    const second = await refresh(view.refreshToken);
    await refresh(second.refreshToken);
    await expect(refresh(view.refreshToken)).rejects.toEqual(refusal('refresh_token_reused'));
    expect((await stored(actor.sessionId)).revoked_at).not.toBeNull();
  });

  it('ends one session by that, and no other of the same person', async () => {
    const { view } = await node.register('ada-two');
    const second = await node.auth.login(CLIENT, { username: 'ada-two', password: 'a password of some length' });
    await refresh((await refresh(view.refreshToken)).refreshToken);
    await expect(refresh(view.refreshToken)).rejects.toEqual(refusal('refresh_token_reused'));
    await expect(refresh(second.refreshToken)).resolves.toMatchObject({ user: { username: 'ada-two' } });
  });

  it('refuses a made-up token and leaves the session that it names alone', async () => {
    const { view, actor } = await node.register('ada-named');
    const madeUp = `${actor.sessionId}.${randomBytes(48).toString('base64url')}`;
    await expect(refresh(madeUp)).rejects.toEqual(refusal('refresh_token_invalid'));
    await expect(refresh(view.refreshToken)).resolves.toMatchObject({ user: { id: actor.userId } });
  });

  it('refuses a token of no session, and what is no token', async () => {
    const { view } = await node.register('ada-nowhere');
    const [, secret] = view.refreshToken.split('.');
    for (const text of [`${newId()}.${secret}`, view.refreshToken.slice(0, -1), view.accessToken, 'x']) {
      await expect(refresh(text)).rejects.toEqual(refusal('refresh_token_invalid'));
    }
  });

  it('is over when the session has expired or was ended', async () => {
    const [ben, cleo] = [await node.register('ben-expires'), await node.register('cleo-leaves')];
    await pass(ben.actor.sessionId, '31 days');
    await node.sessions.endCurrent(cleo.actor);
    await expect(refresh(ben.view.refreshToken)).rejects.toEqual(refusal('session_ended'));
    await expect(refresh(cleo.view.refreshToken)).rejects.toEqual(refusal('session_ended'));
    await expect(node.tokens.verify(ben.view.accessToken)).rejects.toEqual(refusal('session_ended'));
  });

  it('does not renew a session that is ended while the refresh waits for it', async () => {
    const { view, actor } = await node.register('ada-ends');
    const outcome = await overtake(
      {
        databaseUrl: database.url,
        id: actor.sessionId,
        lock: 'SELECT FROM sessions WHERE id = $1 FOR UPDATE',
        change: 'UPDATE sessions SET revoked_at = now() WHERE id = $1',
      },
      () => refresh(view.refreshToken),
    );
    expect(outcome).toEqual({ status: 'rejected', reason: refusal('session_ended') });
    expect((await stored(actor.sessionId)).refresh_hash).toEqual(sha256(view.refreshToken));
  });

  it('goes on for the token of now, but not for the one before, when the secret of the server was changed', async () => {
    const renewed = await startAccounts(database.url, {
      env: { PARLEY_JWT_SECRET: 'the secret of the tests after it was changed' },
    });
    try {
      const { view } = await node.register('ada-keeps');
      const next = await refresh(view.refreshToken);
      await expect(refresh(view.refreshToken, renewed)).rejects.toEqual(refusal('refresh_token_invalid'));
      const after = await refresh(next.refreshToken, renewed);
      expect(sessionIdOf(after.refreshToken)).toBe(sessionIdOf(view.refreshToken));
    } finally {
      await renewed.close();
    }
  });
});
