import type { Script } from './script.js';

/** A stretch of the script's messages by their ordinals: from the first on, up to and without `end`. */
export interface Stretch {
  from: number;
  end: number;
}

/** For each person, the stretches of messages during which they are members, in order. */
export function listStretches({ people, presentFromStart, steps }: Script): Stretch[][] {
  const stretches: Stretch[][] = people.map(() => []);
  const enteredAt = new Map(presentFromStart.map((person) => [person, 0]));
  let ordinal = 0;
  const close = (person: number): void => {
    stretches[person]?.push({ from: enteredAt.get(person) ?? 0, end: ordinal });
    enteredAt.delete(person);
  };
  for (const step of steps) {
    if (step.kind === 'send') ordinal += 1;
    if (step.kind === 'join') enteredAt.set(step.person, ordinal);
    if (step.kind === 'leave') close(step.person);
  }
  for (const person of [...enteredAt.keys()]) close(person);
  return stretches;
}

/** The people who are members after the last step. */
export function listPresentAtEnd({ presentFromStart, steps }: Script): Set<number> {
  const present = new Set(presentFromStart);
  for (const step of steps) {
    if (step.kind === 'join') present.add(step.person);
    if (step.kind === 'leave') present.delete(step.person);
  }
  return present;
}
