import type { ErrorCode } from '@parley/contracts';
import type { Answer } from './rest.js';

/** The answer is this refusal, in the form that every refusal has. */
export function expectProblem(answer: Answer<unknown>, status: number, code: ErrorCode): void {
  expect(answer).toMatchObject({ status, body: { status, code, type: `/problems/${code}` } });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
}
