import { ackProblem, factProblem } from './support/described-facts.js';
import { expectDescribed } from './support/described-answers.js';

const ID = '0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a';
const user = { id: ID, username: 'ada', displayName: 'Ada', createdAt: '2026-11-23T10:15:00.000Z' };
const json = new Headers({ 'content-type': 'application/json; charset=utf-8' });

describe('what answers are held against', () => {
  const answer =
    (status: number, body: unknown, headers = json) =>
    () =>
      expectDescribed('get', `/v1/users/${ID}`, { status, body, headers });

  it('lets through what is described', () => {
    expect(answer(200, user)).not.toThrow();
  });

  it.each([
    ['a status', answer(418, user), 'its status is not described'],
    ['a field', answer(200, { ...user, shoeSize: 38 }), 'must NOT have additional properties'],
    ['a missing field', answer(200, { id: ID }), "must have required property 'username'"],
    ['a media type', answer(200, user, new Headers({ 'content-type': 'text/html' })), 'text/html is not described'],
    ['a value', answer(200, { ...user, createdAt: 'yesterday' }), 'must match format "date-time"'],
  ])('complains of %s that is not', (_what, run, complaint) => {
    expect(run).toThrow(complaint);
  });

  it('complains of a code that the route does not have', () => {
    const [status, code] = [404, 'message_not_found'];
    const shape = { type: '', title: '', detail: '', retryable: false, requestId: '' };
    const headers = new Headers({ 'content-type': 'application/problem+json' });
    expect(answer(status, { ...shape, status, code }, headers)).toThrow('its code is not described');
    expect(answer(status, { ...shape, status, code: 'user_not_found' }, headers)).not.toThrow();
  });
});

describe('what facts and acks are held against', () => {
  it('lets through what is described, and complains of the rest', () => {
    expect(factProblem('user:changed', { user })).toBeNull();
    expect(factProblem('user:changed', { user: { ...user, id: 'ada' } })).toContain('must match format "uuid"');
    expect(factProblem('user:changed', { user, why: 'a whim' })).toContain('must NOT have additional properties');
    expect(ackProblem('typing:stop', { ok: true, data: null })).toBeNull();
    expect(ackProblem('typing:stop', { ok: true, data: 1 })).toContain('typing:stop ack is not as');
    expect(ackProblem('typing:stop', { ok: false, error: { code: 'rate_limited' } })).toContain('is not as');
  });
});
