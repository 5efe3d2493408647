import type { ErrorCode } from '@parley/contracts';

/**
 * One request of a story, and what has to come back. `{{name}}` stands for what an earlier step carried on.
 *
 * Method, path, description and, unless it is given here, the body come from the operation as
 * `docs/openapi.json` describes it; so a story cannot ask for what does not exist.
 */
export interface Step {
  /** What the person does, in their words. */
  name: string;
  /** The operation's id; null for a path that is none. */
  operation: string | null;
  /** Whose token goes along, by the beginning of its variable: `ada` is `{{adaToken}}`. Nobody's if left out. */
  as?: string;
  /** Values of the parameters in the path. */
  path?: Record<string, string>;
  query?: Record<string, string>;
  /** Sent as JSON; a string as it is. */
  body?: unknown;
  contentType?: string;
  /** Script lines that run before it. */
  before?: readonly string[];
  status: number;
  /** The code of a refusal. */
  code?: ErrorCode;
  /** Variables for later steps: where each is in the answer, as in `user.id`. */
  carry?: Record<string, string>;
  /** What else is true: a sentence, an expression over `answer`, and what it is equal to (another expression). */
  check?: readonly (readonly [sentence: string, expression: string, expected: string])[];
}

/** A folder of the collection: can be run after those above it. */
export interface Story {
  name: string;
  description: string;
  steps: readonly Step[];
}

/** A new id for a message: made once, and kept for every retry. */
export const newClientId = (variable: string): string =>
  `pm.collectionVariables.set('${variable}', pm.variables.replaceIn('{{$guid}}'));`;
