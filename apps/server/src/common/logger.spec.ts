import { Logger as NestLogger } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { AppLogger, createLogger, toLoggedError } from './logger.js';

describe('the log', () => {
  let lines: Record<string, unknown>[] = [];
  const logger = createLogger(
    { production: true, logLevel: 'info' },
    { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const app = new AppLogger(logger);

  beforeEach(() => (lines = []));

  it('writes one object for each message, with its context', () => {
    app.warn('Something happened', 'Outbox');
    expect(lines).toEqual([{ level: 'warn', time: expect.any(String), context: 'Outbox', msg: 'Something happened' }]);
  });

  it('writes the fields of an object beside its message', () => {
    app.log({ page: 'http://localhost' }, 'It is ready', 'Parley');
    expect(lines).toEqual([
      { level: 'info', time: expect.any(String), context: 'Parley', page: 'http://localhost', msg: 'It is ready' },
    ]);
  });

  it('takes an error from wherever NestJS puts it', () => {
    app.error('It failed', new Error('why'), 'FactBus');
    app.error(new Error('why'), 'FactBus');
    app.error({ requestId: 'r', err: new Error('why') }, 'It failed', 'ProblemFilter');
    app.error('It failed', 'Error: why\n    at x', 'FactBus');
    expect(lines).toMatchObject([
      { msg: 'It failed', context: 'FactBus', err: { message: 'why', stack: expect.any(String) } },
      { msg: 'why', context: 'FactBus', err: { message: 'why' } },
      { msg: 'It failed', context: 'ProblemFilter', requestId: 'r', err: { message: 'why' } },
      { msg: 'It failed', context: 'FactBus', stack: 'Error: why\n    at x' },
    ]);
  });

  it('keeps each module and route that NestJS announces out of the ordinary log', () => {
    app.log('Mapped {/v1, GET} route', 'RouterExplorer');
    app.debug('details', 'Anything');
    app.log('Listening', 'Parley');
    expect(lines).toMatchObject([{ msg: 'Listening' }]);
  });

  it('serves every logger of NestJS', () => {
    NestLogger.overrideLogger(app);
    new NestLogger('Presence').log('Hello');
    NestLogger.overrideLogger(false);
    expect(lines).toMatchObject([{ level: 'info', context: 'Presence', msg: 'Hello' }]);
  });

  it('leaves the values of a failed query out', () => {
    const driverError = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'users_username_uq',
      detail: 'Key (username)=(ada) already exists.',
    });
    const logged = toLoggedError(
      new QueryFailedError('INSERT INTO users VALUES ($1)', ['a zebra of a text'], driverError),
    );
    expect(JSON.stringify(logged)).not.toMatch(/zebra|ada\)|INSERT/);
    expect(logged).toMatchObject({
      type: 'QueryFailedError',
      message: 'duplicate key',
      code: '23505',
      constraint: 'users_username_uq',
    });
  });

  it('follows causes, but not for ever', () => {
    const error = new Error('a');
    error.cause = error;
    expect(toLoggedError(error).cause?.cause?.cause).toEqual(expect.not.objectContaining({ cause: expect.anything() }));
  });

  it('takes whatever was thrown', () => {
    expect(toLoggedError(null)).toEqual({ type: 'object', message: 'not an Error' });
    expect(toLoggedError('text')).toEqual({ type: 'string', message: 'text' });
  });
});
