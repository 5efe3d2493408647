import type { Page, UserView } from '@parley/contracts';
import type { EntityManager } from 'typeorm';
import { CLIENT, PASSWORD, startAccounts, type AccountsNode } from '../../../../test/support/accounts-node.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/id.js';
import type { Fact } from '../events/fact.js';
import { findByDisplayName, findByUsername } from './users.queries.js';

describe('users', () => {
  let database: TestDatabase;
  let node: AccountsNode;
  let ada: Actor;
  beforeAll(async () => {
    database = await createDatabase();
    node = await startAccounts(database.url);
    ada = (await node.register('ada')).actor;
  });
  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const refusal = (code: string) => expect.objectContaining({ code });

  async function join(username: string, displayName: string): Promise<Actor> {
    const { user } = await node.auth.register(CLIENT, { username, displayName, password: PASSWORD });
    return { userId: user.id, sessionId: newId() };
  }

  /** The usernames that a search finds, page by page. */
  async function find(query: string, limit = 100, actor = ada): Promise<string[][]> {
    const pages: string[][] = [];
    for (let cursor: string | undefined; ;) {
      const page: Page<UserView> = await node.users.search(actor, { query, cursor, limit });
      pages.push(page.items.map((user) => user.username));
      if (page.nextCursor === null) return pages;
      cursor = page.nextCursor;
    }
  }

  describe('a search', () => {
    beforeAll(async () => {
      for (const [username, displayName] of [
        ['kim.1', 'Kim'],
        ['kim.2', 'Zoe'],
        ['kim.3', 'kim'],
        ['anna-k', 'Kimberly'],
        ['bert-k', 'KIM the second'],
        ['carl-k', 'kim'],
        ['dora-k', 'Kim'],
        ['hundred', '100% sure'],
        ['hundred2', '1000 and one'],
        ['under_score', 'back\\slash'],
        ['under-score', 'backslash'],
        ['full-width', 'Ｗide Ångström'],
      ] as const) {
        await join(username, displayName);
      }
    });

    const byUsername = ['kim.1', 'kim.2', 'kim.3'];
    const byDisplayName = ['carl-k', 'dora-k', 'bert-k', 'anna-k'];

    it('lists those whose username matches, then those whose display name does, each of them once', async () => {
      expect(await find('kim')).toEqual([[...byUsername, ...byDisplayName]]);
      expect(await find('KIM')).toEqual([[...byUsername, ...byDisplayName]]);
    });

    it.each([1, 2, 3, 4, 6, 7])('goes through them in pages of %i without repeating or leaving out', async (limit) => {
      const pages = await find('kim', limit);
      expect(pages.flat()).toEqual([...byUsername, ...byDisplayName]);
      expect(pages.slice(0, -1).map((page) => page.length)).toEqual(pages.slice(0, -1).map(() => limit));
      expect(pages.length).toBe(Math.ceil(7 / limit));
    });

    it('takes % and _ and \\ for themselves', async () => {
      expect(await find('100%')).toEqual([['hundred']]);
      expect(await find('under_')).toEqual([['under_score']]);
      expect(await find('back\\')).toEqual([['under_score']]);
      expect(await find('%')).toEqual([[]]);
    });

    it('finds a name in whatever width and composition it is written', async () => {
      expect(await find('wide A\u030angstro\u0308')).toEqual([['full-width']]);
      expect(await find('ＵＮＤＥＲ-')).toEqual([['under-score']]);
    });

    it('finds nobody by the middle of a name', async () => {
      expect(await find('second')).toEqual([[]]);
    });

    it('goes on where it was although the person it stopped at has another name now', async () => {
      const first = await node.users.search(ada, { query: 'kim', limit: 4 });
      const carl = { userId: first.items[3]!.id, sessionId: newId() };
      await node.users.updateOwn(carl, { displayName: 'Somebody' });
      const second = await node.users.search(ada, { query: 'kim', limit: 4, cursor: first.nextCursor! });
      expect(second.items.map((user) => user.username)).toEqual(byDisplayName.slice(1));
      await node.users.updateOwn(carl, { displayName: 'kim' });
    });

    it('leaves out who was deactivated and who blocks the one who asks, but not whom they block', async () => {
      const [blocker, blocked, gone] = await Promise.all([
        join('lea.blocker', 'Lea'),
        join('lea.blocked', 'Lea'),
        join('lea.gone', 'Lea'),
      ]);
      await node.users.block(blocker, ada.userId);
      await node.users.block(ada, blocked.userId);
      await node.dataSource.query('UPDATE users SET deactivated_at = now() WHERE id = $1', [gone.userId]);
      expect(await find('lea')).toEqual([['lea.blocked']]);
      expect(await find('lea', 10, blocked)).toEqual([['lea.blocked', 'lea.blocker']]);
    });

    it('walks its indexes in their order, however many people there are', async () => {
      await node.dataSource.query(
        `INSERT INTO users (id, username, username_key, display_name, display_name_key, password_hash)
         SELECT gen_random_uuid(), 'm' || n, 'm' || n, 'D' || n, 'd' || n, '-' FROM generate_series(1, 20000) AS n`,
      );
      await node.dataSource.query('ANALYZE users');
      const search = { askerId: ada.userId, afterKey: '', afterId: ada.userId, count: 51 };
      const byUsername = await explain((db) => findByUsername(db, { ...search, pattern: 'm%' }));
      const byDisplayName = await explain((db) => findByDisplayName(db, { ...search, pattern: 'd%' }));
      const goingOn = await explain((db) => findByDisplayName(db, { ...search, pattern: 'd%', afterKey: 'd5000' }));
      expect(byUsername).toMatch(/Index Scan using users_username_key_idx/);
      expect(byUsername).not.toMatch(/Sort|Seq Scan on users/);
      for (const plan of [byDisplayName, goingOn]) {
        expect(plan).toMatch(/Incremental Sort/);
        expect(plan).toMatch(/Index Scan using users_display_name_key_idx/);
        expect(plan).not.toMatch(/Seq Scan on users/);
      }
      expect(goingOn).toMatch(/Index Cond: .*d5000/);
    });

    /** How PostgreSQL would answer the query that `find` sends. */
    async function explain(find: (db: EntityManager) => Promise<unknown>): Promise<string> {
      const plans: { 'QUERY PLAN': string }[] = [];
      const explaining: Pick<EntityManager, 'query'> = {
        query: async (sql, parameters) => {
          const plan: typeof plans = await node.dataSource.query(`EXPLAIN ${sql}`, parameters as unknown[]);
          plans.push(...plan);
          return [] as never;
        },
      };
      await find(explaining as EntityManager);
      return plans.map((row) => row['QUERY PLAN']).join('\n');
    }
  });

  describe('a block', () => {
    it('ends once, for both, that they see whether the other is online, and is told to one’s own devices alone', async () => {
      const [ben, cleo] = [await join('ben.blocks', 'Ben'), await join('cleo.blocked', 'Cleo')];
      node.facts.length = 0;
      await node.users.block(ben, cleo.userId);
      await node.users.block(ben, cleo.userId);
      await node.users.unblock(ben, cleo.userId);
      await node.users.unblock(ben, cleo.userId);
      const hiding = (watchedId: string, watcherId: string): Fact => ({
        type: 'presence:changed',
        audience: { userIds: [watcherId] },
        payload: { userId: watchedId, state: 'offline', lastSeenAt: null },
        unwatches: watchedId,
      });
      const told = (blocked: boolean): Fact => ({
        type: 'block:changed',
        audience: { userIds: [ben.userId] },
        payload: { userId: cleo.userId, blocked },
      });
      const hidden = [hiding(ben.userId, cleo.userId), hiding(cleo.userId, ben.userId)];
      expect(node.facts).toEqual([told(true), ...hidden, told(false)]);
    });

    it('stands between two people in both directions', async () => {
      const [ben, cleo, dora] = [
        await join('ben.b', 'Ben'),
        await join('cleo.b', 'Cleo'),
        await join('dora.b', 'Dora'),
      ];
      const db = node.dataSource.manager;
      const others = [ben, cleo, dora].map((person) => person.userId);
      await node.users.block(ada, ben.userId);
      await node.users.block(cleo, ada.userId);
      expect(await node.usersAccess.findBlocks(db, ada.userId, others)).toEqual(new Set([ben.userId, cleo.userId]));
      expect(await node.usersAccess.findBlocks(db, ben.userId, [ada.userId])).toEqual(new Set([ada.userId]));
      expect(await node.usersAccess.findBlocks(db, dora.userId, [ada.userId])).toEqual(new Set());
      expect(await node.usersAccess.findBlocks(db, ada.userId, [])).toEqual(new Set());
    });

    it('can be taken back from someone who was deactivated, but not put on them', async () => {
      const [ben, cleo] = [await join('ben.leaves', 'Ben'), await join('cleo.stays', 'Cleo')];
      await node.users.block(cleo, ben.userId);
      await node.dataSource.query('UPDATE users SET deactivated_at = now() WHERE id = $1', [ben.userId]);
      expect((await node.users.listBlocks(cleo, {})).items).toMatchObject([{ id: ben.userId }]);
      await node.users.unblock(cleo, ben.userId);
      expect((await node.users.listBlocks(cleo, {})).items).toEqual([]);
      await expect(node.users.block(cleo, ben.userId)).rejects.toEqual(refusal('user_not_found'));
    });
  });

  it('tells a new display name to one’s own devices and to those who watch one’s presence', async () => {
    const ben = await join('ben.renames', 'Ben');
    node.facts.length = 0;
    const profile = await node.users.updateOwn(ben, { displayName: 'Benjamin' });
    const { updatedAt, readReceipts: _, ...user } = profile;
    expect(user.displayName).toBe('Benjamin');
    expect(Date.parse(updatedAt)).toBeGreaterThan(Date.parse(user.createdAt));
    expect(node.facts).toEqual([
      { type: 'profile:changed', audience: { userIds: [ben.userId] }, payload: { profile } },
      { type: 'user:changed', audience: { watchersOf: ben.userId }, payload: { user } },
      { type: 'user:changed', audience: { userIds: [ben.userId] }, payload: { user } },
    ]);
  });

  it('gives several people at once, or says who is missing', async () => {
    const [ben, cleo] = [await join('ben.given', 'Ben'), await join('cleo.given', 'Cleo')];
    const db = node.dataSource.manager;
    const given = await node.usersAccess.getUsers(db, [ben.userId, cleo.userId, ben.userId]);
    expect([...given.values()].map((user) => user.username).sort()).toEqual(['ben.given', 'cleo.given']);
    expect(await node.usersAccess.getUsers(db, [])).toEqual(new Map());
    const missing = newId();
    await expect(node.usersAccess.getUsers(db, [ben.userId, missing])).rejects.toMatchObject({
      code: 'user_not_found',
      message: expect.stringContaining(missing) as string,
    });
  });
});
