import type { FieldError } from '@parley/contracts';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { DomainError } from './domain-error.js';
import { FromQuery, IsId, IsIdList, IsPageLimit, IsSeq } from './input-decorators.js';
import { IsText } from './text.js';
import { validateInput } from './validation.js';

const ID = '0197f2c4-6d1e-7a90-b6f1-2f6f5a0d1c11';
const OTHER = '0197f2c4-6d1e-7a90-b6f1-2f6f5a0d1c12';

class Inner {
  @IsText({ max: 3 })
  word: string;
}

class Input {
  @IsOptional()
  @IsText({ min: 1, max: 5, singleLine: true })
  name?: string;

  @IsOptional()
  @IsText({ max: 10, maxBytes: 12 })
  body?: string;

  @IsOptional()
  @IsId()
  id?: string;

  @IsOptional()
  @IsIdList(1, 2)
  ids?: string[];

  @IsOptional()
  @IsSeq()
  seq?: number;

  @IsPageLimit(100)
  limit?: number;

  @FromQuery()
  @IsSeq()
  before?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

function errorsOf(value: unknown): FieldError[] {
  try {
    validateInput(Input, value);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'validation_failed') return error.details.errors ?? [];
    throw error;
  }
  return [];
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('validateInput', () => {
  it('returns an instance with what was sent, normalized', () => {
    const input = validateInput(Input, {
      name: ' Ada ',
      body: 'e\u0301',
      id: ID.toUpperCase(),
      ids: [OTHER.toUpperCase()],
    });
    expect(input).toBeInstanceOf(Input);
    expect(input).toMatchObject({ name: 'Ada', body: 'é', id: ID, ids: [OTHER] });
  });

  it('reads numbers from a query', () => {
    expect(validateInput(Input, { limit: '10', before: '0' })).toMatchObject({ limit: 10, before: 0 });
  });

  it.each([null, undefined, 1, 'text', true, [], [{}]])('takes one object and not %j', (value) => {
    expect(errorsOf(value)).toEqual([{ path: '', message: 'must be one object' }]);
  });

  it.each([
    ['name', ''],
    ['name', '   '],
    ['name', 'too long'],
    ['name', 'a\nb'],
    ['name', 'a\u202eb'],
    ['name', 'a\u0000b'],
    ['name', '\ud800'],
    ['name', 1],
    ['name', ['a']],
    ['name', { length: 1 }],
    ['body', 'äöüäöüäöü'],
    ['id', 'me'],
    ['id', [ID]],
    ['ids', ID],
    ['ids', []],
    ['ids', [ID, ID.toUpperCase()]],
    ['ids', [ID, OTHER, ID]],
    ['ids', [1]],
    ['seq', -1],
    ['seq', 1.5],
    ['seq', '1'],
    ['seq', 2 ** 53],
    ['limit', '0'],
    ['limit', '101'],
    ['limit', 'ten'],
    ['limit', '1e1'],
    ['limit', ['1', '2']],
    ['before', ''],
    ['before', '-1'],
    ['inner', 'text'],
    ['unknown', 1],
  ])('refuses %s: %j, and names the field', (field, value) => {
    expect(errorsOf({ [field]: value }).map(({ path }) => path)).toContain(field);
  });

  it('names a field inside another by its path', () => {
    expect(errorsOf({ inner: { word: 'long' } })).toEqual([
      { path: 'inner.word', message: 'must have at most 3 characters' },
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses %s instead of passing over it', (key) => {
    const sent: unknown = JSON.parse(`{"${key}":{"admin":true}}`);
    expect(errorsOf(sent).map(({ path }) => path)).toEqual([key]);
    expect(errorsOf({ inner: sent }).map(({ path }) => path)).toEqual([key]);
    expect('admin' in {}).toBe(false);
  });

  it('does not walk into what is nested too deep', () => {
    expect(errorsOf({ inner: nested(5_000) })).toEqual([{ path: '', message: 'must not be nested deeper than 8' }]);
  });

  it('says enough about ten thousand unknown fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 1]));
    expect(errorsOf(fields).length).toBeLessThanOrEqual(20);
  });
});
