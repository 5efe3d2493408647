const FIRST_CAPACITY = 4_096;

/** Values of which percentiles are asked for at the end. Adding one allocates nothing but when it grows. */
export class Samples {
  private values = new Float64Array(FIRST_CAPACITY);
  private count = 0;
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
  }

  /** The smallest value that so many per cent of all do not exceed (nearest rank); null when there is none. */
  percentile(percent: number): number | null {
    if (this.count === 0) return null;
    const sorted = this.values.slice(0, this.count).sort();
    return sorted[Math.max(0, Math.ceil((percent / 100) * this.count) - 1)] ?? null;
  }
}
