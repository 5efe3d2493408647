/**
 * Deals people out to groups of these sizes, from decks that are shuffled anew whenever they are empty: so
 * everybody is in equally many groups (one more or less at the end), and few share more than one.
 */
export function deal<T>(people: readonly T[], sizes: readonly number[]): T[][] {
  let deck: T[] = [];
  return sizes.map((size) => {
    if (size > people.length) throw new Error(`There are not ${size} people`);
    const group = new Set<T>();
    /** In the group already, from the deck before: kept for the next one. */
    const twice: T[] = [];
    while (group.size < size) {
      if (deck.length === 0) deck = shuffled(people);
      const person = deck.pop() as T;
      if (group.has(person)) twice.push(person);
      else group.add(person);
    }
    deck.push(...twice);
    return [...group];
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}

/** One of them, each as likely as the others. */
export function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}
