import { randomUUID } from 'node:crypto';
import type { Page, Problem, ProfileView, UserView } from '@parley/contracts';
import { people, type Person } from '../support/people.js';
import { expectProblem } from '../support/problems.js';
import { rest, type Answer } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('users over REST', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const search = (person: Person, parameters: Record<string, string>) =>
    person.rest.get<Page<UserView>>(`/users?${new URLSearchParams(parameters).toString()}`);
  const namesOf = (answer: Answer<Page<UserView>>): string[] => answer.body.items.map((user) => user.username);

  describe('a profile', () => {
    it('is shown to its owner, and to others without what is private', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      const own = await ada.rest.get<ProfileView>('/users/me');
      const seen = await ben.rest.get<UserView>(`/users/${ada.id}`);
      const { updatedAt, readReceipts, ...visible } = own.body;
      expect(readReceipts).toBe(true);
      expect(own.status).toBe(200);
      expect(updatedAt).toBe(visible.createdAt);
      expect(seen).toMatchObject({ status: 200 });
      expect(seen.body).toEqual(visible);
      expect(Object.keys(visible).sort()).toEqual(['createdAt', 'displayName', 'id', 'username']);
    });

    it('is found by its id in capitals too', async () => {
      const { ada } = await people(app, 'ada');
      expect(await ada.rest.get(`/users/${ada.id.toUpperCase()}`)).toMatchObject({ status: 200, body: { id: ada.id } });
    });

    it('of nobody is not found, and an id that is none is refused', async () => {
      const { ada } = await people(app, 'ada');
      expectProblem(await ada.rest.get(`/users/${randomUUID()}`), 404, 'user_not_found');
      for (const id of ['x', '%00', '1', `${ada.id}x`, '%F0%9F%98%80']) {
        expectProblem(await ada.rest.get(`/users/${id}`), 400, 'validation_failed');
      }
    });

    it('changes its display name, for everybody', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      const answer = await ada.rest.patch<ProfileView>('/users/me', { displayName: ' Ada  👩‍💻 ' });
      expect(answer).toMatchObject({ status: 200, body: { id: ada.id, displayName: 'Ada  👩‍💻' } });
      expect(Date.parse(answer.body.updatedAt)).toBeGreaterThan(Date.parse(answer.body.createdAt));
      expect((await ben.rest.get<UserView>(`/users/${ada.id}`)).body.displayName).toBe('Ada  👩‍💻');
      expect((await ada.rest.get('/users/me')).body).toEqual(answer.body);
    });

    it.each([
      ['nothing', undefined],
      ['no field', {}],
      ['null', { displayName: null }],
      ['a number', { displayName: 7 }],
      ['a list', { displayName: ['Ada'] }],
      ['a blank name', { displayName: '   ' }],
      ['a long name', { displayName: 'x'.repeat(81) }],
      ['a NUL', { displayName: 'A\u0000' }],
      ['text that runs backwards', { displayName: 'A\u202eda' }],
      ['a lone surrogate', '{"displayName":"A\\ud800"}'],
      ['another’s field', { displayName: 'Ada', username: 'root' }],
      ['the id', { displayName: 'Ada', id: randomUUID() }],
      ['a prototype', '{"displayName":"Ada","__proto__":{"admin":true}}'],
    ])('is not changed by %s', async (_, body) => {
      const { ada } = await people(app, 'ada');
      const before = await ada.rest.get('/users/me');
      expectProblem(await ada.rest.patch('/users/me', body), 400, 'validation_failed');
      expect((await ada.rest.get('/users/me')).body).toEqual(before.body);
    });
  });

  describe('a search', () => {
    it('finds people by the beginning of username or display name, page by page', async () => {
      const { ada, ...zoes } = await people(app, 'ada', 'Zoe1', 'Zoe2', 'Zoe3');
      const other = await people(app, 'quinn');
      await other.quinn.rest.patch('/users/me', { displayName: 'Zoe the other' });
      const expected = [...Object.values(zoes).map((zoe) => zoe.username), other.quinn.username];

      const all = await search(ada, { query: 'ZOE' });
      expect(all).toMatchObject({ status: 200, body: { nextCursor: null } });
      expect(namesOf(all)).toEqual(expected);

      const first = await search(ada, { query: 'zoe', limit: '3' });
      const second = await search(ada, { query: 'zoe', limit: '3', cursor: first.body.nextCursor! });
      expect([...namesOf(first), ...namesOf(second)]).toEqual(expected);
      expect(second.body.nextCursor).toBeNull();
    });

    it('finds nobody who blocks the one who asks; the profile stays readable by id', async () => {
      const { ada, Yuri } = await people(app, 'ada', 'Yuri');
      expect(namesOf(await search(ada, { query: 'yuri' }))).toEqual([Yuri.username]);
      await Yuri.rest.put(`/users/me/blocks/${ada.id}`);
      expect(namesOf(await search(ada, { query: 'yuri' }))).toEqual([]);
      expect(namesOf(await search(Yuri, { query: 'yuri' }))).toEqual([Yuri.username]);
      expect((await ada.rest.get(`/users/${Yuri.id}`)).status).toBe(200);
    });

    it('holds at most 50 unless more is asked for, and never more than 100', async () => {
      const { ada } = await people(app, 'ada');
      const names = Array.from({ length: 51 }, (_, i) => `w${i}`);
      await people(app, ...names);
      const page = await search(ada, { query: 'w' });
      expect(page.body.items).toHaveLength(50);
      expect((await search(ada, { query: 'w', limit: '100' })).body.items).toHaveLength(51);
      expectProblem(await search(ada, { query: 'w', limit: '101' }), 400, 'validation_failed');
    });

    const cursor = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
    it.each<[string, Record<string, string>]>([
      ['no query', {}],
      ['an empty query', { query: '' }],
      ['a blank query', { query: ' ' }],
      ['a long query', { query: 'x'.repeat(201) }],
      ['a NUL', { query: '\u0000' }],
      ['no limit', { query: 'a', limit: '' }],
      ['a limit of 0', { query: 'a', limit: '0' }],
      ['a limit that is a word', { query: 'a', limit: 'ten' }],
      ['a limit that is a fraction', { query: 'a', limit: '1.5' }],
      ['a made-up cursor', { query: 'a', cursor: 'x' }],
      ['a cursor of another list', { query: 'a', cursor: cursor([randomUUID()]) }],
      ['a cursor with a NUL', { query: 'a', cursor: cursor(['username', '\u0000', randomUUID()]) }],
      ['a cursor without an id', { query: 'a', cursor: cursor(['displayName', 'a', 'x']) }],
      ['a cursor of numbers', { query: 'a', cursor: cursor([1, 2, 3]) }],
      ['an unknown parameter', { query: 'a', offset: '10' }],
    ])('refuses %s', async (_, parameters) => {
      const { ada } = await people(app, 'ada');
      expectProblem(await search(ada, parameters), 400, 'validation_failed');
    });

    it('refuses a query that is given twice', async () => {
      const { ada } = await people(app, 'ada');
      expectProblem(await ada.rest.get('/users?query=a&query=b'), 400, 'validation_failed');
    });
  });

  describe('blocks', () => {
    const blocksOf = (person: Person, parameters = '') =>
      person.rest.get<Page<UserView>>(`/users/me/blocks${parameters}`);

    it('are put, listed and taken back, and doing so twice changes nothing', async () => {
      const { ada, ben } = await people(app, 'ada', 'ben');
      for (const _ of ['once', 'twice']) {
        expect(await ada.rest.put(`/users/me/blocks/${ben.id}`)).toMatchObject({ status: 204, body: null });
        expect((await blocksOf(ada)).body).toMatchObject({ items: [{ id: ben.id }], nextCursor: null });
      }
      expect((await blocksOf(ben)).body.items).toEqual([]);
      for (const _ of ['once', 'twice']) {
        expect(await ada.rest.delete(`/users/me/blocks/${ben.id}`)).toMatchObject({ status: 204, body: null });
        expect((await blocksOf(ada)).body.items).toEqual([]);
      }
    });

    it('are listed page by page', async () => {
      const { ada, ...others } = await people(app, 'ada', 'ben', 'cleo', 'dora');
      for (const other of Object.values(others)) await ada.rest.put(`/users/me/blocks/${other.id}`);
      const first = await blocksOf(ada, '?limit=2');
      const second = await blocksOf(ada, `?limit=2&cursor=${first.body.nextCursor}`);
      const listed = [...first.body.items, ...second.body.items].map((user) => user.id);
      expect(first.body.items).toHaveLength(2);
      expect(second.body.nextCursor).toBeNull();
      expect(listed).toEqual(
        Object.values(others)
          .map((other) => other.id)
          .sort(),
      );
    });

    it('are not for oneself, nor for nobody', async () => {
      const { ada } = await people(app, 'ada');
      for (const ask of [ada.rest.put, ada.rest.delete]) {
        const oneself = await ask<Problem>(`/users/me/blocks/${ada.id}`);
        expectProblem(oneself, 400, 'validation_failed');
        expect(oneself.body.errors).toEqual([{ path: 'userId', message: 'must be somebody else' }]);
        expectProblem(await ask(`/users/me/blocks/${randomUUID()}`), 404, 'user_not_found');
        expectProblem(await ask('/users/me/blocks/x'), 400, 'validation_failed');
      }
      expect((await blocksOf(ada)).body.items).toEqual([]);
      for (const query of ['?limit=0', '?cursor=x', '?of=ben']) {
        expectProblem(await blocksOf(ada, query), 400, 'validation_failed');
      }
    });
  });

  it('needs an access token everywhere', async () => {
    const anyone = rest(app);
    const id = randomUUID();
    for (const answer of [
      await anyone.get('/users/me'),
      await anyone.patch('/users/me', { displayName: 'Ada' }),
      await anyone.get('/users?query=a'),
      await anyone.get(`/users/${id}`),
      await anyone.get('/users/me/blocks'),
      await anyone.put(`/users/me/blocks/${id}`),
      await anyone.delete(`/users/me/blocks/${id}`),
    ]) {
      expectProblem(answer, 401, 'token_missing');
    }
  });
});
