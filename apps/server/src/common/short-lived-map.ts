const RENEWED_EVERY = 1_024;

/**
 * A map for what comes and goes by the thousand a second, with few entries at a time.
 *
 * A `Map` puts its entries into a new table from time to time, and the old table keeps the new one alive. Once
 * V8 has moved one of them to where it looks for garbage rarely, it keeps the next, and that the next: all that
 * was ever in the map stays until a full collection, which is the longest pause of a busy server. So this one
 * moves to a new `Map` now and then, which the tables of the one before know nothing of. For a kilobyte of each
 * message that is the difference between being garbage now and being garbage seconds later (docs/benchmarks.md).
 */
export class ShortLivedMap<K, V> {
  private entries = new Map<K, V>();
  private added = 0;

  get(key: K): V | undefined {
    return this.entries.get(key);
  }

  set(key: K, value: V): void {
    this.added += 1;
    if (this.added % RENEWED_EVERY === 0) this.entries = new Map(this.entries);
    this.entries.set(key, value);
  }

  delete(key: K): void {
    this.entries.delete(key);
  }
}
