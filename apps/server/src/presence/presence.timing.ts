import { LIMITS } from '@parley/contracts';

/** The periods of presence and typing, in milliseconds. Injected under this class as token. */
export abstract class PresenceTiming {
  /** How long a node counts as alive without renewing its lease. */
  abstract readonly leaseMs: number;
  abstract readonly renewMs: number;
  /** How long somebody stays online after their connection or its node has gone. */
  abstract readonly graceMs: number;
  /** How often over connections are looked for. */
  abstract readonly sweepMs: number;
  /** How long a change waits for others, to be written together with them. */
  abstract readonly batchMs: number;
  /** The same after a write, unless enough for another one waits: fewer and larger writes. */
  abstract readonly restMs: number;
  /** At most one telling that somebody types in this time, and when it ends by itself. */
  abstract readonly typingEveryMs: number;
  abstract readonly typingExpiresMs: number;
}

/** After a crash somebody is offline within 15 + 12 + 1 s. */
export const DEFAULT_TIMING = {
  leaseMs: 15_000,
  renewMs: 5_000,
  graceMs: 12_000,
  sweepMs: 1_000,
  batchMs: 50,
  restMs: 150,
  typingEveryMs: LIMITS.typingEveryMs,
  typingExpiresMs: LIMITS.typingExpiresMs,
} satisfies PresenceTiming;
