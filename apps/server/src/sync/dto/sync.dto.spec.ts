import { LIMITS, type FieldError } from '@parley/contracts';
import { DomainError } from '../../common/domain-error.js';
import { newId } from '../../common/id.js';
import { validateInput } from '../../common/validation.js';
import { SyncDto } from './sync.dto.js';

const ID = newId();
const cursorsOf = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, () => [newId(), Number.MAX_SAFE_INTEGER]));

function errorsOf(value: unknown): FieldError[] {
  try {
    validateInput(SyncDto, value);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'validation_failed') return error.details.errors ?? [];
    throw error;
  }
  return [];
}

const pathsOf = (value: unknown): string[] => errorsOf(value).map(({ path }) => path);

describe('the input of sync', () => {
  it.each([
    ['no cursors', { cursors: {} }],
    ['no epoch', { cursors: { [ID]: 7 } }],
    ['null for an epoch', { epoch: null, cursors: { [ID]: 0 } }],
    ['any text for an epoch', { epoch: '', cursors: { [ID]: Number.MAX_SAFE_INTEGER } }],
    ['as many cursors as there may be', { cursors: cursorsOf(LIMITS.syncCursorsMax) }],
  ])('takes %s', (_what, input) => {
    expect(validateInput(SyncDto, input)).toEqual(input);
  });

  it.each([
    [[], {}],
    [[], { epoch: newId() }],
    [null, { cursors: null }],
    [[[ID, 7]], { cursors: [[ID, 7]] }],
    ['text', { cursors: 'text' }],
    [7, { cursors: 7 }],
    ['501 cursors', { cursors: cursorsOf(LIMITS.syncCursorsMax + 1) }],
  ])('refuses %j instead of an object of cursors', (_what, input) => {
    expect(pathsOf(input)).toEqual(['cursors']);
  });

  it.each([-1, 1.5, '1', null, true, {}, [1], Number.MAX_SAFE_INTEGER + 1])('refuses %j for a number', (seq) => {
    expect(errorsOf({ cursors: { [newId()]: 1, [ID]: seq } })).toEqual([
      { path: `cursors.${ID}`, message: 'must be a whole number from 0' },
    ]);
  });

  it.each(['', 'x', 'toString', 'hasOwnProperty', 'then', ID.toUpperCase(), ID.slice(1), `${ID} `])(
    'refuses %j for an id',
    (key) => {
      expect(pathsOf({ cursors: { [key]: 1 } })).toEqual([`cursors.${key.slice(0, 36)}`]);
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('is not led astray by %s', (key) => {
    for (const item of ['1', '{"seq":1}']) {
      expect(pathsOf(JSON.parse(`{"cursors":{"${key}":${item}}}`))).toEqual([key]);
    }
    expect('seq' in {}).toBe(false);
  });

  it.each([7, {}, [], 'x'.repeat(101), 'a\u0000b'])('refuses %j for an epoch', (epoch) => {
    expect(pathsOf({ epoch, cursors: {} })).toEqual(['epoch']);
  });

  it('knows no other field', () => {
    expect(pathsOf({ cursors: {}, limit: 1 })).toEqual(['limit']);
  });

  it('says enough about five hundred wrong cursors', () => {
    const wrong = Object.fromEntries(Object.keys(cursorsOf(LIMITS.syncCursorsMax)).map((id) => [id, -1]));
    expect(errorsOf({ cursors: wrong }).length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(errorsOf({ cursors: { ['x'.repeat(60_000)]: 1 } })).length).toBeLessThan(200);
  });
});
