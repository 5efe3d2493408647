import {
  CLIENT,
  PASSWORD,
  sessionIdOf,
  startAccounts,
  type AccountsNode,
} from '../../../../test/support/accounts-node.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { overtake } from '../../../../test/support/overtake.js';

describe('accounts', () => {
  let database: TestDatabase;
  let node: AccountsNode;
  beforeAll(async () => {
    database = await createDatabase();
    node = await startAccounts(database.url);
  });
  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const refusal = (code: string) => expect.objectContaining({ code });
  const login = (username: string, password = PASSWORD) => node.auth.login(CLIENT, { username, password });
  const changePassword = (
    actor: { userId: string; sessionId: string },
    newPassword: string,
    currentPassword = PASSWORD,
  ) => node.auth.changePassword(actor, { currentPassword, newPassword });

  async function storedUser(userId: string): Promise<{ password_hash: string; auth_version: number }> {
    const rows: { password_hash: string; auth_version: number }[] = await node.dataSource.query(
      'SELECT password_hash, auth_version FROM users WHERE id = $1',
      [userId],
    );
    return rows[0]!;
  }

  /** Another transaction changes something about a person while `work` waits for their row. */
  const overtakeBy = (change: string, userId: string, work: () => Promise<unknown>) =>
    overtake(
      { databaseUrl: database.url, id: userId, lock: 'SELECT FROM users WHERE id = $1 FOR UPDATE', change },
      work,
    );

  it('gives a username to one of twenty who want it at once, however they write it', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        node.auth.register(CLIENT, { username: i % 2 === 0 ? 'Ada.Wanted' : 'aDa.wanted', password: PASSWORD }),
      ),
    );
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as unknown] : []));
    expect(refused).toEqual(Array(19).fill(refusal('username_taken')));
  });

  it('leaves nothing behind when a username is taken', async () => {
    await node.register('ada-first');
    const count = 'SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions';
    const before: unknown = await node.dataSource.query(count);
    await expect(node.register('ADA-FIRST')).rejects.toEqual(refusal('username_taken'));
    expect(await node.dataSource.query(count)).toEqual(before);
  });

  it('does not let anyone in with a password that is changed while it is being checked', async () => {
    const { actor } = await node.register('ada-overtaken');
    const anotherPassword = 'UPDATE users SET auth_version = auth_version + 1 WHERE id = $1';
    const outcome = await overtakeBy(anotherPassword, actor.userId, () => login('ada-overtaken'));
    expect(outcome).toEqual({ status: 'rejected', reason: refusal('credentials_invalid') });
    expect((await node.sessions.list(actor)).items).toHaveLength(1);
  });

  it('does not change a password that was changed in the meantime', async () => {
    const { actor } = await node.register('ada-twice');
    const attempts = await Promise.allSettled([
      changePassword(actor, 'the second password'),
      changePassword(actor, 'the third password'),
    ]);
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as unknown] : []));
    expect(refused).toEqual([refusal('credentials_invalid')]);
  });

  it('does not let a session that has ended change the password after all', async () => {
    const { actor } = await node.register('ada-thief');
    const before = await storedUser(actor.userId);
    const theEnd = 'UPDATE sessions SET revoked_at = now() WHERE user_id = $1';
    const outcome = await overtakeBy(theEnd, actor.userId, () => changePassword(actor, 'the password of a thief'));
    expect(outcome).toEqual({ status: 'rejected', reason: refusal('session_ended') });
    expect(await storedUser(actor.userId)).toEqual(before);
  });

  it('does not let a deactivated person in, nor find them', async () => {
    const { actor } = await node.register('ada-gone');
    await node.dataSource.query('UPDATE users SET deactivated_at = now() WHERE id = $1', [actor.userId]);
    await expect(login('ada-gone')).rejects.toEqual(refusal('credentials_invalid'));
    const db = node.dataSource.manager;
    expect(await node.usersAccess.findCredentials(db, 'ada-gone')).toBeNull();
    await expect(node.usersAccess.getProfile(db, actor.userId)).rejects.toEqual(refusal('user_not_found'));
    await expect(node.usersAccess.getUsers(db, [actor.userId])).rejects.toEqual(refusal('user_not_found'));
  });

  it('ends the other sessions with a change of the password, tells them so, and keeps the present one', async () => {
    const { actor, view } = await node.register('ada-changes');
    const other = await login('ada-changes');
    const before = await storedUser(actor.userId);
    node.facts.length = 0;
    await changePassword(actor, 'another password');
    expect((await storedUser(actor.userId)).auth_version).toBe(before.auth_version + 1);
    expect(node.facts).toMatchObject([
      { type: 'session:ended', audience: { sessionIds: [sessionIdOf(other.refreshToken)] }, closes: 'session_revoked' },
    ]);
    await expect(node.tokens.verify(other.accessToken)).rejects.toEqual(refusal('session_ended'));
    await expect(node.tokens.verify(view.accessToken)).resolves.toMatchObject({ actor });
    await expect(login('ada-changes')).rejects.toEqual(refusal('credentials_invalid'));
    await expect(login('ada-changes', 'another password')).resolves.toMatchObject({ user: view.user });
  });

  it('stores a stronger hash at the next login, once the settings ask for one, and ends nothing by that', async () => {
    const { actor, view } = await node.register('ada-upgraded');
    const before = await storedUser(actor.userId);
    const stronger = await startAccounts(database.url, { env: { PARLEY_ARGON2_PASSES: '2' } });
    try {
      await stronger.auth.login(CLIENT, { username: 'ada-upgraded', password: PASSWORD });
      const after = await storedUser(actor.userId);
      expect(before.password_hash).toContain('t=1');
      expect(after.password_hash).toContain('t=2');
      expect(after.auth_version).toBe(before.auth_version);
      await expect(stronger.tokens.verify(view.accessToken)).resolves.toMatchObject({ actor });
      await stronger.auth.login(CLIENT, { username: 'ada-upgraded', password: PASSWORD });
      expect(await storedUser(actor.userId)).toEqual(after);
    } finally {
      await stronger.close();
    }
  });

  it('ends hundreds of sessions at once and tells so in facts that a bus can carry', async () => {
    const { actor } = await node.register('ada-everywhere');
    await node.dataSource.query(
      `INSERT INTO sessions (id, user_id, refresh_hash, expires_at)
       SELECT gen_random_uuid(), $1, '\\x00', now() + interval '1 day' FROM generate_series(1, 249)`,
      [actor.userId],
    );
    node.facts.length = 0;
    await node.sessions.endAll(actor);
    const told = node.facts.map((fact) => ('sessionIds' in fact.audience ? fact.audience.sessionIds : []));
    expect(told.map((ids) => ids.length)).toEqual([100, 100, 50]);
    expect(new Set(told.flat()).size).toBe(250);
    await expect(node.sessions.list(actor)).resolves.toEqual({ items: [] });
  });

  it('says which sessions are over: ended, expired, or never begun', async () => {
    const [ada, ben, cleo] = [
      await node.register('ada-a'),
      await node.register('ben-a'),
      await node.register('cleo-a'),
    ];
    await node.sessions.endCurrent(ben.actor);
    await node.dataSource.query(`UPDATE sessions SET expires_at = now() WHERE id = $1`, [cleo.actor.sessionId]);
    const unknown = ada.actor.userId;
    const asked = [ada, ben, cleo].map(({ actor }) => actor.sessionId);
    const ended = await node.sessions.findEnded([...asked, unknown]);
    expect(ended.sort()).toEqual([ben.actor.sessionId, cleo.actor.sessionId, unknown].sort());
    expect(await node.sessions.findEnded([])).toEqual([]);
  });

  it('needs no second connection to the database while it holds one', async () => {
    const narrow = await startAccounts(database.url, { poolSize: 1 });
    try {
      const [ada, ben] = await Promise.all(['ada-narrow', 'ben-narrow'].map((name) => narrow.register(name)));
      await Promise.all([
        narrow.refreshes.refresh(CLIENT, { refreshToken: ada!.view.refreshToken }),
        narrow.auth.login(CLIENT, { username: 'ben-narrow', password: PASSWORD }),
        narrow.users.updateOwn(ada!.actor, { displayName: 'Ada' }),
        narrow.users.search(ada!.actor, { query: 'ben-n' }),
        narrow.users.block(ben!.actor, ada!.actor.userId),
        narrow.users.listBlocks(ben!.actor, {}),
      ]);
      await narrow.auth.changePassword(ada!.actor, { currentPassword: PASSWORD, newPassword: 'another password' });
      await Promise.all([narrow.users.unblock(ben!.actor, ada!.actor.userId), narrow.sessions.endAll(ben!.actor)]);
    } finally {
      await narrow.close();
    }
  });
});
