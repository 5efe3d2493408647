const FIRST_CAPACITY = 4_096;

/** Values of which percentiles are asked for at the end. Adding one allocates nothing but when it grows. */
export class Samples {
  private values = new Float64Array(FIRST_CAPACITY);
  private count = 0;
  /** How many there were at each mark. */
  private marks: number[] = [];
  /** While this is set, nothing is added. */
  paused = false;

  add(value: number): void {
    if (this.paused) return;
    if (this.count === this.values.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count] = value;
    this.count += 1;
  }

  get size(): number {
    return this.count;
  }

  clear(): void {
    this.count = 0;
    this.marks = [];
  }

  /** Ends a stretch, for {@link percentileOfStretches}. */
  mark(): void {
    this.marks.push(this.count);
  }

  /** The smallest value that so many per cent of all do not exceed (nearest rank); null when there is none. */
  percentile(percent: number): number | null {
    return this.percentileBetween(0, this.count, percent);
  }

  /** The same of each stretch that a mark has ended, but for those in which nothing was added. */
  percentileOfStretches(percent: number): number[] {
    return this.marks.flatMap((end, place) => this.percentileBetween(this.marks[place - 1] ?? 0, end, percent) ?? []);
  }

  private percentileBetween(begin: number, end: number, percent: number): number | null {
    if (end === begin) return null;
    const sorted = this.values.slice(begin, end).sort();
    return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
  }
}
