import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { inOrder } from './in-order.js';

describe('handlers in order', () => {
  const request = {} as Request;
  const response = {} as Response;

  /** What happens, in its order, and what the handler that comes after them is told. */
  function run(...handlers: ((note: (what: string) => void, next: NextFunction) => void)[]): unknown[] {
    const events: unknown[] = [];
    const noted = handlers.map(
      (handler): RequestHandler =>
        (_request, _response, next) =>
          handler((what) => events.push(what), next),
    );
    inOrder(...noted)(request, response, (error?: unknown) => events.push(['next', error]));
    return events;
  }

  it('are carried out one after the other', () => {
    const events = run(
      (note, next) => {
        note('one');
        next();
      },
      (note, next) => {
        note('two');
        next();
      },
    );
    expect(events).toEqual(['one', 'two', ['next', undefined]]);
  });

  it('end with the one that answers', () => {
    expect(
      run(
        (note) => note('answer'),
        (note) => note('never'),
      ),
    ).toEqual(['answer']);
  });

  it('end with the one that refuses, and pass on why', () => {
    const reason = new Error('No');
    expect(
      run(
        (_note, next) => next(reason),
        (note) => note('never'),
      ),
    ).toEqual([['next', reason]]);
  });
});
