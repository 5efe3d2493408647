import fc from 'fast-check';
import { LIMITS, type FieldError } from '@parley/contracts';
import { Transform, Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { DomainError } from './domain-error.js';
import { FromQuery, IsId, IsIdList, IsSeq, PageLimit } from './input-decorators.js';
import { IsText } from './text.js';
import { compileQuickCheck } from './quick-validation.js';
import { validateInput, validateThoroughly, type InputClass } from './validation.js';

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

  @PageLimit({ max: 100, byDefault: 50 })
  limit?: number;

  @FromQuery()
  @IsSeq()
  before?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

/** How often something of an input has been copied. */
let copied = 0;

class Lists {
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => {
    copied += 1;
    return value;
  })
  list?: unknown;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  inners?: Inner[];
}

function errorsOf(value: unknown, type: InputClass<object> = Input): FieldError[] {
  try {
    validateInput(type, value);
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

  describe('with more than any valid input has', () => {
    beforeEach(() => (copied = 0));

    const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    const fields = (count: number): object => Object.fromEntries(numbers(count).map((index) => [`f${index}`, 1]));
    const tooMuch = [{ path: 'list', message: 'must not hold more than any valid input does' }];

    it.each([
      ['a list of 28,000 numbers', numbers(28_000)],
      ['5,000 keys', fields(5_000)],
      ['many small lists', numbers(200).map(() => [1, 2])],
      ['objects in objects', { a: { b: numbers(300) }, c: fields(300) }],
    ])('refuses %s without copying it', (_what, list) => {
      expect(errorsOf({ list }, Lists)).toEqual(tooMuch);
      expect(copied).toBe(0);
    });

    it('counts all that an input holds together', () => {
      expect(errorsOf({ inners: numbers(300), list: numbers(300) }, Lists)).toEqual(tooMuch);
    });

    it('leaves to the field what is one more than its maximum', () => {
      validateInput(Lists, { list: numbers(LIMITS.syncCursorsMax + 1) });
      expect(copied).toBe(1);
    });

    it('refuses more fields than there are, without a sentence about each', () => {
      for (const count of [21, 10_000]) {
        expect(errorsOf({ list: 1, ...fields(count) }, Lists)).toEqual([
          { path: '', message: 'must not have more than 20 fields' },
        ]);
      }
      expect(copied).toBe(0);
    });
  });

  it('names twenty wrong fields and no more', () => {
    const unknown = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, 1]));
    expect(errorsOf(unknown).map(({ path }) => path)).toEqual(Object.keys(unknown));
    const inners = Array.from({ length: 100 }, () => ({ word: 'long' }));
    expect(errorsOf({ inners }, Lists).map(({ path }) => path)).toEqual(
      Array.from({ length: 20 }, (_, index) => `inners.${index}.word`),
    );
  });
});

describe('the quick check of an input', () => {
  class Message {
    @IsId()
    clientId: string;

    @IsText({ min: 1, max: 5, maxBytes: 12 })
    body: string;

    @IsOptional()
    @IsSeq()
    replyTo?: number;
  }

  class Addressed extends Message {
    @IsId()
    conversationId: string;
  }

  const RIGHT = { clientId: ID, conversationId: OTHER, body: 'Hi', replyTo: 4 };

  it('accepts what is right, normalized, as an input of its class', () => {
    const input = compileQuickCheck(Addressed)({ ...RIGHT, clientId: ID.toUpperCase(), body: 'e\u0301' });
    expect(input).toBeInstanceOf(Addressed);
    expect(input).toEqual({ ...RIGHT, body: '\u00e9' });
  });

  it('accepts what was read from the query of an address', () => {
    const query = Object.assign(Object.create(null) as object, { limit: '10', before: '7' });
    class Page {
      @FromQuery()
      @IsSeq()
      before?: number;

      @PageLimit({ max: 100, byDefault: 50 })
      limit?: number;
    }
    expect(compileQuickCheck(Page)(query)).toEqual({ limit: 10, before: 7 });
  });

  it('leaves everything else to the libraries', () => {
    const check = compileQuickCheck(Addressed);
    const { body: _, ...bodiless } = RIGHT;
    const others = [
      { ...RIGHT, extra: 1 },
      { ...RIGHT, body: '' },
      { ...RIGHT, body: ['Hi'] },
      { ...RIGHT, replyTo: 'x' },
      JSON.parse('{"__proto__": {}, "body": "Hi"}') as object,
      Object.assign(new Addressed(), RIGHT),
      bodiless,
    ];
    for (const other of others) expect(check(other)).toBeNull();
    expect(compileQuickCheck(Input)({ name: 'ada' })).toBeNull();
    expect(compileQuickCheck(Lists)({})).toBeNull();
  });

  it('says what the libraries say, of whatever it accepts', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(ID, OTHER.toUpperCase(), 'no id', null, undefined, 0, 1.5, -1, '', 'Hi', true, [], {}),
      fc.string({ unit: 'grapheme', maxLength: 7 }),
      fc.maxSafeInteger(),
    );
    const field = fc.constantFrom('clientId', 'conversationId', 'body', 'replyTo', 'other');
    const changes = fc.dictionary(field, value, { maxKeys: 2, noNullPrototype: true });
    let accepted = 0;
    fc.assert(
      fc.property(changes, fc.boolean(), (changed, fromQuery) => {
        // What is read from the query of an address has no prototype.
        const given = Object.assign(fromQuery ? (Object.create(null) as object) : {}, RIGHT, changed);
        const quick = compileQuickCheck(Addressed)(given);
        if (quick === null) return;
        accepted += 1;
        expect(quick).toStrictEqual(validateThoroughly(Addressed, given));
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});
