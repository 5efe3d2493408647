import { randomUUID } from 'node:crypto';
import type { ConversationView, ErrorCode, MessageView, Problem } from '@parley/contracts';
import { anotherSession, people, type Person } from '../support/people.js';
import { rest, type Answer, type Rest } from '../support/rest.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/**
 * Who may use which route. The list of routes comes from the running server, so a new route without
 * a row here fails.
 */
const CALLERS = ['nobody', 'stranger', 'ex-member', 'member', 'admin', 'owner'] as const;
type Caller = (typeof CALLERS)[number];
type Outcome = 'allowed' | ErrorCode;
type Outcomes = Record<Caller, Outcome>;

/** A group with somebody in each role, a plain member to act upon, and somebody outside. */
interface Situation {
  groupId: string;
  /** A text of the owner's. */
  textSeq: number;
  target: Person;
  newcomer: Person;
  /** Whoever asks; a session of their own, so that ending it hurts nobody else. */
  caller: Person | null;
}

interface Row {
  ask(as: Rest, situation: Situation): Promise<Answer<unknown>>;
  outcomes: Outcomes;
}

const everybody: Outcomes = {
  nobody: 'allowed',
  stranger: 'allowed',
  'ex-member': 'allowed',
  member: 'allowed',
  admin: 'allowed',
  owner: 'allowed',
};
const signedIn: Outcomes = { ...everybody, nobody: 'token_missing' };
const members: Outcomes = {
  ...signedIn,
  stranger: 'conversation_not_found',
  'ex-member': 'conversation_not_found',
};
const leaders: Outcomes = { ...members, member: 'action_forbidden' };
const owners: Outcomes = { ...leaders, admin: 'action_forbidden' };

const name = (): string => `u${randomUUID().slice(0, 12)}`;
const password = 'a password of some length';
const THUMB = encodeURIComponent('👍');

const ROUTES: Record<string, Row> = {
  'POST /v1/auth/register': {
    ask: (as) => as.post('/auth/register', { username: name(), password }),
    outcomes: everybody,
  },
  'POST /v1/auth/login': {
    ask: (as, { target }) => as.post('/auth/login', { username: target.username, password: target.password }),
    outcomes: everybody,
  },
  'POST /v1/auth/refresh': {
    ask: (as, { target }) => as.post('/auth/refresh', { refreshToken: target.refreshToken }),
    outcomes: everybody,
  },
  'POST /v1/auth/logout': { ask: (as) => as.post('/auth/logout'), outcomes: signedIn },
  'POST /v1/auth/logout-all': { ask: (as) => as.post('/auth/logout-all'), outcomes: signedIn },
  'GET /v1/auth/sessions': { ask: (as) => as.get('/auth/sessions'), outcomes: signedIn },
  'DELETE /v1/auth/sessions/{id}': {
    ask: (as, { caller }) => as.delete(`/auth/sessions/${caller?.sessionId ?? randomUUID()}`),
    outcomes: signedIn,
  },
  'PUT /v1/auth/password': {
    ask: (as, { caller }) =>
      as.put('/auth/password', {
        currentPassword: caller?.password ?? password,
        newPassword: caller?.password ?? password,
      }),
    outcomes: signedIn,
  },
  'GET /v1/users': { ask: (as) => as.get('/users?query=a'), outcomes: signedIn },
  'GET /v1/users/me': { ask: (as) => as.get('/users/me'), outcomes: signedIn },
  'PATCH /v1/users/me': { ask: (as) => as.patch('/users/me', { displayName: 'Another' }), outcomes: signedIn },
  'GET /v1/users/{id}': { ask: (as, { target }) => as.get(`/users/${target.id}`), outcomes: signedIn },
  'GET /v1/users/me/blocks': { ask: (as) => as.get('/users/me/blocks'), outcomes: signedIn },
  'PUT /v1/users/me/blocks/{userId}': {
    ask: (as, { newcomer }) => as.put(`/users/me/blocks/${newcomer.id}`),
    outcomes: signedIn,
  },
  'DELETE /v1/users/me/blocks/{userId}': {
    ask: (as, { newcomer }) => as.delete(`/users/me/blocks/${newcomer.id}`),
    outcomes: signedIn,
  },
  'GET /v1/presence': { ask: (as, { target }) => as.get(`/presence?userIds=${target.id}`), outcomes: signedIn },
  'POST /v1/conversations': {
    ask: (as) => as.post('/conversations', { kind: 'group', title: 'Mine', memberIds: [] }),
    outcomes: signedIn,
  },
  'GET /v1/conversations': { ask: (as) => as.get('/conversations'), outcomes: signedIn },
  'GET /v1/conversations/{id}': { ask: (as, { groupId }) => as.get(`/conversations/${groupId}`), outcomes: members },
  'PATCH /v1/conversations/{id}': {
    ask: (as, { groupId }) => as.patch(`/conversations/${groupId}`, { title: 'Renamed' }),
    outcomes: leaders,
  },
  'PATCH /v1/conversations/{id}/settings': {
    ask: (as, { groupId }) => as.patch(`/conversations/${groupId}/settings`, { pinned: true }),
    outcomes: members,
  },
  'PUT /v1/conversations/{id}/read': {
    ask: (as, { groupId }) => as.put(`/conversations/${groupId}/read`, { seq: 1 }),
    outcomes: members,
  },
  'PUT /v1/conversations/{id}/delivered': {
    ask: (as, { groupId }) => as.put(`/conversations/${groupId}/delivered`, { seq: 1 }),
    outcomes: members,
  },
  'GET /v1/conversations/{id}/receipts': {
    ask: (as, { groupId }) => as.get(`/conversations/${groupId}/receipts`),
    outcomes: members,
  },
  'GET /v1/conversations/{id}/summary': {
    ask: (as, { groupId }) => as.get(`/conversations/${groupId}/summary`),
    outcomes: members,
  },
  'GET /v1/conversations/{id}/members': {
    ask: (as, { groupId }) => as.get(`/conversations/${groupId}/members`),
    outcomes: members,
  },
  'POST /v1/conversations/{id}/members': {
    ask: (as, { groupId, newcomer }) => as.post(`/conversations/${groupId}/members`, { userIds: [newcomer.id] }),
    outcomes: leaders,
  },
  'PATCH /v1/conversations/{id}/members/{userId}': {
    ask: (as, { groupId, target }) => as.patch(`/conversations/${groupId}/members/${target.id}`, { role: 'admin' }),
    outcomes: owners,
  },
  'DELETE /v1/conversations/{id}/members/{userId}': {
    ask: (as, { groupId, target }) => as.delete(`/conversations/${groupId}/members/${target.id}`),
    outcomes: leaders,
  },
  'POST /v1/conversations/{id}/messages': {
    ask: (as, { groupId }) => as.post(`/conversations/${groupId}/messages`, { clientId: randomUUID(), body: 'Hello' }),
    outcomes: members,
  },
  'GET /v1/conversations/{id}/messages': {
    ask: (as, { groupId }) => as.get(`/conversations/${groupId}/messages`),
    outcomes: members,
  },
  'GET /v1/conversations/{id}/messages/{seq}': {
    ask: (as, { groupId }) => as.get(`/conversations/${groupId}/messages/1`),
    outcomes: members,
  },
  'PATCH /v1/conversations/{id}/messages/{seq}': {
    ask: (as, { groupId, textSeq }) => as.patch(`/conversations/${groupId}/messages/${textSeq}`, { body: 'Edited' }),
    outcomes: owners,
  },
  'DELETE /v1/conversations/{id}/messages/{seq}': {
    ask: (as, { groupId, textSeq }) => as.delete(`/conversations/${groupId}/messages/${textSeq}`),
    outcomes: leaders,
  },
  'PUT /v1/conversations/{id}/messages/{seq}/reactions/{emoji}': {
    ask: (as, { groupId, textSeq }) => as.put(`/conversations/${groupId}/messages/${textSeq}/reactions/${THUMB}`, {}),
    outcomes: members,
  },
  'DELETE /v1/conversations/{id}/messages/{seq}/reactions/{emoji}': {
    ask: (as, { groupId, textSeq }) => as.delete(`/conversations/${groupId}/messages/${textSeq}/reactions/${THUMB}`),
    outcomes: members,
  },
  'POST /v1/sync': {
    ask: (as, { groupId }) => as.post('/sync', { cursors: { [groupId]: 1 } }),
    outcomes: signedIn,
  },
};

/** Health belongs to the operator, not to people; it has tests of its own. */
const withoutPeople = (route: string): boolean => route.includes(' /health');

describe('authorization over REST', () => {
  let app: RunningApp;
  let cast: Record<'stranger' | 'ex' | 'member' | 'admin' | 'owner', Person>;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  async function situationFor(caller: Caller): Promise<Situation> {
    const { target, newcomer } = await people(app, 'target', 'newcomer');
    const { owner, admin, member, ex, stranger } = cast;
    const created = await owner.rest.post<ConversationView>('/conversations', {
      kind: 'group',
      title: 'Everybody',
      memberIds: [admin.id, member.id, ex.id, target.id],
    });
    const groupId = created.body.id;
    await owner.rest.patch(`/conversations/${groupId}/members/${admin.id}`, { role: 'admin' });
    await owner.rest.delete(`/conversations/${groupId}/members/${ex.id}`);
    const text = await owner.rest.post<MessageView>(`/conversations/${groupId}/messages`, {
      clientId: randomUUID(),
      body: 'Hello',
    });
    const persons: Record<Caller, Person | null> = { nobody: null, stranger, 'ex-member': ex, member, admin, owner };
    const person = persons[caller];
    return {
      groupId,
      textSeq: text.body.seq,
      target,
      newcomer,
      caller: person === null ? null : await anotherSession(app, person),
    };
  }

  it('has a row for every route, and no row without one', async () => {
    const document = (await (await fetch(`${app.url}/docs-json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(ROUTES).sort()).toEqual(routes.filter((route) => !withoutPeople(route)).sort());
  });

  describe.each(Object.entries(ROUTES))('%s', (_route, { ask, outcomes }) => {
    // Some routes end the sessions of their caller, so each gets a cast of its own.
    beforeAll(async () => {
      cast = await people(app, 'stranger', 'ex', 'member', 'admin', 'owner');
    });

    it.each(CALLERS)('by %s', async (caller) => {
      const situation = await situationFor(caller);
      const answer = await ask(situation.caller?.rest ?? rest(app), situation);
      const outcome = answer.status < 300 ? 'allowed' : (answer.body as Problem).code;
      expect(outcome).toBe(outcomes[caller]);
    });
  });
});
