/** What of one key is at work and what waits, in the order in which it came. */
interface Line {
  atWork: number;
  readonly waiting: Set<() => void>;
}

/**
 * Gives turns: so many of one key at a time, further ones in the order in which they came.
 *
 * Invariant: somebody waits only while all turns of the key are taken, and a key with neither is forgotten.
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly atWorkMax: number,
    private readonly waitingMax: number,
  ) {}

  /**
   * Resolves when it is one's turn, with what ends the turn; call that once. Null, at once, when too many
   * wait already, and later when `leaving` was called back before the turn came.
   */
  async take(key: string, leaving: (leave: () => void) => void): Promise<(() => void) | null> {
    const line = this.lines.get(key) ?? { atWork: 0, waiting: new Set() };
    if (line.atWork < this.atWorkMax) {
      line.atWork += 1;
      this.lines.set(key, line);
    } else if (line.waiting.size >= this.waitingMax || !(await hasTurn(line, leaving))) {
      return null;
    }
    return () => this.pass(key, line);
  }

  /** How many keys have somebody at work. */
  get size(): number {
    return this.lines.size;
  }

  private pass(key: string, line: Line): void {
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.atWork -= 1;
    if (line.atWork === 0) this.lines.delete(key);
  }
}

function hasTurn({ waiting }: Line, leaving: (leave: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const begin = (): void => resolve(true);
    waiting.add(begin);
    leaving(() => {
      if (waiting.delete(begin)) resolve(false);
    });
  });
}
