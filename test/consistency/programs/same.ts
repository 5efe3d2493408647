/** JSON with the fields in the order of their names. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** Where two values differ on the wire, in whatever order their fields stand. */
export function* differences(path: string, actual: unknown, expected: unknown): Generator<string> {
  if (actual === expected) return;
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length) {
    for (const [index, part] of actual.entries()) yield* differences(`${path}[${index}]`, part, expected[index]);
  } else if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      yield* differences(`${path}.${key}`, actual[key], expected[key]);
    }
  } else yield `${path} is ${JSON.stringify(actual)} and not ${JSON.stringify(expected)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
