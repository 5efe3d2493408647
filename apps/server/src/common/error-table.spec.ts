import { ERROR_CODES } from '@parley/contracts';
import { DomainError } from './domain-error.js';
import { ERROR_TABLE, toProblem } from './error-table.js';

describe('toProblem', () => {
  it('has the members of RFC 9457 and those of Parley, and leaves out what does not apply', () => {
    expect(toProblem(new DomainError('token_expired', 'It was good until noon'), 'request-1')).toEqual({
      type: '/problems/token_expired',
      title: 'The access token has expired',
      status: 401,
      code: 'token_expired',
      detail: 'It was good until noon',
      retryable: false,
      requestId: 'request-1',
    });
  });

  it('says when to come back and which fields were wrong', () => {
    const details = { retryInMs: 1_200, errors: [{ path: 'body', message: 'must be a string' }] };
    expect(toProblem(new DomainError('server_busy', '', details), 'r')).toMatchObject(details);
  });

  it('keeps the cause to itself', () => {
    const error = new DomainError('service_unavailable', 'Away', { cause: new Error('10.0.0.5 refused') });
    expect(error.cause).toBeInstanceOf(Error);
    expect(JSON.stringify(toProblem(error, 'r'))).not.toContain('10.0.0.5');
  });

  it.each(ERROR_CODES)('makes %s retryable exactly when repeating it unchanged can help', (code) => {
    const { status, retryable } = ERROR_TABLE[code];
    expect(retryable).toBe(status === 429 || status === 503);
  });
});
