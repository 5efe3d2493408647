/** Milliseconds that half, 95 and 99 of a hundred stayed below. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** How long messages took to be answered, and to reach each listener. The clock starts when a message is first sent. */
export class Timings {
  private readonly leftAt = new Map<string, number>();
  private readonly ackMs: number[] = [];
  private readonly deliveryMs: number[] = [];

  left(clientId: string): void {
    this.leftAt.set(clientId, performance.now());
  }

  acked(clientId: string): void {
    this.take(this.ackMs, clientId);
  }

  delivered(clientId: string): void {
    this.take(this.deliveryMs, clientId);
  }

  get ack(): Percentiles | null {
    return toPercentiles(this.ackMs);
  }

  get delivery(): Percentiles | null {
    return toPercentiles(this.deliveryMs);
  }

  private take(into: number[], clientId: string): void {
    const leftAt = this.leftAt.get(clientId);
    if (leftAt !== undefined) into.push(performance.now() - leftAt);
  }
}

/** Null when there is nothing to measure. */
export function toPercentiles(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
