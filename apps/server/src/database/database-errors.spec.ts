import { DomainError } from '../common/domain-error.js';
import { isConnectionLost, isNotNow, isRetryable, toDomainError, violatesUnique } from './database-errors.js';

/** An error as the driver throws it, and as TypeORM wraps it. */
const thrown = (fields: object): Error[] => {
  const error = Object.assign(new Error('message' in fields ? String(fields.message) : 'refused'), fields);
  return [error, Object.assign(new Error('wrapped'), { driverError: error })];
};

describe('what the database says about its own state', () => {
  it.each(['40001', '40P01'])('%s asks for the same transaction again', (code) => {
    for (const error of thrown({ code })) {
      expect([isRetryable(error), isConnectionLost(error), isNotNow(error)]).toEqual([true, false, false]);
    }
  });

  it.each([
    { code: '57P01' },
    { code: '57P03' },
    { code: '08006' },
    { code: '53300' },
    { code: 'ECONNRESET' },
    { code: 'ENOENT', syscall: 'connect' },
    { message: 'Connection terminated unexpectedly' },
    { message: 'Query read timeout' },
    { message: 'timeout expired' },
    { message: 'timeout exceeded when trying to connect' },
  ])('%j leaves open what was done', (fields) => {
    for (const error of thrown(fields)) {
      expect([isRetryable(error), isConnectionLost(error), isNotNow(error)]).toEqual([false, true, false]);
      expect(toDomainError(error)).toMatchObject({ code: 'service_unavailable' });
    }
  });

  it.each([
    ['a lock timeout', '55P03'],
    ['a statement timeout', '57014'],
    ['a full disk', '53100'],
    ['full memory', '53200'],
    ['a standby', '25006'],
  ])('%s was undone, and may go later', (_what, code) => {
    for (const error of thrown({ code })) {
      expect([isRetryable(error), isConnectionLost(error), isNotNow(error)]).toEqual([false, false, true]);
      expect(toDomainError(error)).toMatchObject({ code: 'service_unavailable' });
    }
  });

  it.each([{ code: '23505' }, { code: '22021' }, { code: 'ENOENT', syscall: 'open' }, { message: 'a bug' }])(
    '%j is none of that and stays what it is',
    (fields) => {
      for (const error of thrown(fields)) {
        expect([isRetryable(error), isConnectionLost(error), isNotNow(error)]).toEqual([false, false, false]);
        expect(toDomainError(error)).toBe(error);
      }
    },
  );

  it('leaves a refusal of the domain alone', () => {
    const refusal = new DomainError('username_taken', 'The username is taken');
    expect(toDomainError(refusal)).toBe(refusal);
  });

  it('tells one unique constraint from another', () => {
    for (const error of thrown({ code: '23505', constraint: 'users_username_key_uq' })) {
      expect(violatesUnique(error, 'users_username_key_uq')).toBe(true);
      expect(violatesUnique(error, 'users_id_pk')).toBe(false);
    }
  });
});
