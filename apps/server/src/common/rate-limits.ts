/**
 * How much one person or one address may ask for. Generous enough for a lively person and for a
 * household behind one address; what a program needs beyond that, `PARLEY_RATE_LIMITS=off` allows.
 */
interface RateLimit {
  /** How many in `seconds`. */
  readonly points: number;
  readonly seconds: number;
  /**
   * `cluster` counts over all nodes (through Redis, when there is one): what protects accounts.
   * `node` counts on each node alone: what protects the node must not cost it a round trip per message.
   */
  readonly scope: 'cluster' | 'node';
}

export const RATE_LIMITS = {
  /** New accounts from one address. */
  register: { points: 200, seconds: 60, scope: 'cluster' },
  /** Attempts to log in from one address, right or wrong. */
  login: { points: 200, seconds: 60, scope: 'cluster' },
  /** Attempts to log in as one person from one address: guessing one password is slow. */
  login_user: { points: 10, seconds: 60, scope: 'cluster' },
  /** The same from wherever. Ten times as many, so that whoever guesses does not lock the person out. */
  login_user_anywhere: { points: 100, seconds: 60, scope: 'cluster' },
  /** Uses of refresh tokens from one address. */
  refresh: { points: 120, seconds: 60, scope: 'cluster' },
  /** New sockets of one address, and of one person. */
  connect: { points: 600, seconds: 60, scope: 'cluster' },
  /** New connections of one address, also those that never ask for a socket. */
  handshake: { points: 1_200, seconds: 60, scope: 'node' },
  /** Messages of one person, over REST and sockets together. */
  send: { points: 300, seconds: 10, scope: 'node' },
  /** Socket commands of one person, of every kind. */
  command: { points: 1_200, seconds: 10, scope: 'node' },
  /** REST requests of one person (or, without a token, of one address) that change something. */
  write: { points: 300, seconds: 10, scope: 'node' },
  /** REST requests of one person that change nothing. */
  read: { points: 1_200, seconds: 10, scope: 'node' },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof RATE_LIMITS;
