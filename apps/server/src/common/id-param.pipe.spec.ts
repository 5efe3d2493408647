import { DomainError } from './domain-error.js';
import { IdParam, SeqParam } from './id-param.pipe.js';

const at = (data: string) => ({ type: 'param', data }) as const;

function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, errors: error.details.errors } : error;
  }
}

describe('ids in a path', () => {
  it('folds an id to lower case', () => {
    expect(new IdParam().transform('0197F2C4-6D1E-7A90-B6F1-2F6F5A0D1C11', at('id'))).toBe(
      '0197f2c4-6d1e-7a90-b6f1-2f6f5a0d1c11',
    );
  });

  it.each(['', 'me', '0197f2c4', '0197f2c46d1e7a90b6f12f6f5a0d1c11', "0197f2c4-6d1e-7a90-b6f1-2f6f5a0d1c11'--"])(
    'refuses %j',
    (value) => {
      expect(refusalOf(() => new IdParam().transform(value, at('userId')))).toEqual({
        code: 'validation_failed',
        errors: [{ path: 'userId', message: 'must be a UUID' }],
      });
    },
  );
});

describe('numbers in a path', () => {
  it('reads a number', () => {
    expect(new SeqParam().transform('42', at('seq'))).toBe(42);
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', ' 1', 'ten', '9007199254740992', '99999999999999999999'])(
    'refuses %j',
    (value) => {
      expect(refusalOf(() => new SeqParam().transform(value, at('seq')))).toEqual({
        code: 'validation_failed',
        errors: [{ path: 'seq', message: 'must be a whole number' }],
      });
    },
  );
});
