import type { UpdateConversationSettings } from '@parley/contracts';
import fc from 'fast-check';
import { describeProgram } from './describe-program.js';
import type { Action, Body, Program, Step } from './program.js';

const EMOJI = ['👍', '❤️', '🎉'] as const;
const place = { where: fc.nat(5) };
const target = { where: fc.nat(5), pick: fc.nat(30) };
const as = <const D extends Action['do']>(...names: D[]) => ({ do: fc.constantFrom(...names) });

const body: fc.Arbitrary<Body> = fc.record({
  text: fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '🐟') }),
  mention: fc.oneof(
    { weight: 6, arbitrary: fc.constant('nobody' as const) },
    { weight: 3, arbitrary: fc.nat(3) },
    { weight: 1, arbitrary: fc.constant('everybody' as const) },
  ),
});

const settings: fc.Arbitrary<UpdateConversationSettings> = fc.oneof(
  fc.record({ pinned: fc.boolean() }),
  fc.record({ archived: fc.boolean() }),
  fc.record({ mutedUntil: fc.constantFrom(null, '2100-01-01T00:00:00.000Z') }),
);

const talking: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ ...as('send'), ...place, body, replyTo: fc.option(fc.nat(30), { freq: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...as('send the same again'),
      pick: fc.nat(30),
      over: fc.constantFrom('REST', 'the socket'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...as('retry', 'discard'), ...target }) },
  {
    weight: 5,
    arbitrary: fc.record({ ...as('edit'), ...target, body, version: fc.constantFrom('none', 'shown', 'stale') }),
  },
  { weight: 3, arbitrary: fc.record({ ...as('delete'), ...target }) },
  { weight: 4, arbitrary: fc.record({ ...as('react'), ...target, emoji: fc.constantFrom(...EMOJI) }) },
  { weight: 3, arbitrary: fc.record({ ...as('unreact'), ...target, emoji: fc.constantFrom(...EMOJI) }) },
);

const belonging: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...as('add'), ...place, whom: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ ...as('remove'), ...place, whom: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ ...as('leave'), ...place }) },
  { weight: 1, arbitrary: fc.record({ ...as('rename'), ...place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...as('change role'),
      ...place,
      whom: fc.nat(3),
      role: fc.constantFrom('owner', 'admin', 'admin', 'member'),
    }),
  },
);

const looking: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ...as('read'), ...target }) },
  { weight: 4, arbitrary: fc.record({ ...as('load older', 'load newer', 'jump to latest'), ...place }) },
  { weight: 1, arbitrary: fc.record({ ...as('jump to'), ...target }) },
  { weight: 2, arbitrary: fc.record({ ...as('change settings'), ...place, settings }) },
  { weight: 1, arbitrary: fc.record({ ...as('show reads'), shown: fc.boolean() }) },
);

const trouble: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record(as('go offline', 'come back')) },
  { weight: 3, arbitrary: fc.record(as('break the connection', 'lose the next answer', 'reload')) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...as('disturb hints'),
      how: fc.constantFrom('lose', 'repeat', 'reorder'),
      choices: fc.array(fc.nat(99), { minLength: 4, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record(as('let hints pass')) },
);

const step: fc.Arbitrary<Step> = fc.record({
  person: fc.nat(3),
  device: fc.nat(1),
  action: fc.oneof(
    { weight: 10, arbitrary: talking },
    { weight: 4, arbitrary: belonging },
    { weight: 4, arbitrary: looking },
    { weight: 4, arbitrary: trouble },
  ),
  goesOn: fc.boolean(),
});

export const programs: fc.Arbitrary<Program> = fc
  .record({
    people: fc.constantFrom(3, 3, 4),
    groups: fc.integer({ min: 1, max: 2 }),
    prologue: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ max: 70, min: 40 }) },
    ),
    steps: fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
  })
  .map(readable);

/** When a program fails, fast-check shows it by this. */
function readable(program: Program): Program {
  return Object.defineProperty(program, fc.toStringMethod, { value: () => describeProgram(program) });
}
