/** Who is behind a nick that turns up. */
export interface Bearer {
  person: number;
  /** They were not there until this moment: a join is missing in the log. */
  enters: boolean;
}

/**
 * Who bears which nick, line by line. It knows names and presence, and nothing of messages.
 *
 * A log begins in the middle and misses joins and leaves, so it is read with these rules:
 * - A person stays the same through renames.
 * - Nicks are compared exactly: two that differ in case are two people.
 * - Whoever turns up under a nick that nobody bore before, without a join, was there from the start.
 * - A nick brings back the person who left under it, unless somebody else has borne it since.
 * - Whoever turns up under any other nick that was used before is new, and comes in at that line.
 * - A nick belongs to one person at a time: whoever takes the nick of somebody present shows that
 *   the other one has gone.
 */
export class Cast {
  /** The first nick of each person; a person is the index in this list. */
  readonly people: string[] = [];
  readonly presentFromStart: number[] = [];
  private readonly present = new Map<string, number>();
  private readonly gone = new Map<string, number>();
  private readonly used = new Set<string>();

  isPresent(nick: string): boolean {
    return this.present.has(nick);
  }

  wasUsed(nick: string): boolean {
    return this.used.has(nick);
  }

  /** The person behind a nick who speaks or is renamed, and so is there. */
  turnsUp(nick: string): Bearer {
    const present = this.present.get(nick);
    if (present !== undefined) return { person: present, enters: false };
    if (this.used.has(nick)) return { person: this.enter(nick), enters: true };
    const person = this.enter(nick);
    this.presentFromStart.push(person);
    return { person, enters: false };
  }

  /** Somebody joins under a nick that nobody present bears. */
  enter(nick: string): number {
    const person = this.gone.get(nick) ?? this.people.push(nick) - 1;
    this.gone.delete(nick);
    this.used.add(nick);
    this.present.set(nick, person);
    return person;
  }

  /** The bearer of a nick leaves; null when nobody present bears it. */
  leave(nick: string): number | null {
    const person = this.present.get(nick);
    if (person === undefined) return null;
    this.present.delete(nick);
    this.gone.set(nick, person);
    return person;
  }

  /** Somebody present takes another nick. Returns who had to go for that, or null. */
  rename(from: string, to: string): number | null {
    const person = this.present.get(from);
    if (person === undefined) throw new Error(`Nobody present bears the nick ${from}`);
    const displaced = this.present.get(to) ?? null;
    this.present.delete(from);
    this.gone.delete(to);
    this.present.set(to, person);
    this.used.add(to);
    return displaced;
  }
}
