import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import { DomainError } from '../common/domain-error.js';
import { Config } from '../config/config.js';

const AT_ONCE = 2;
const QUEUE_MAX = 64;
const RETRY_IN_MS = 1_000;

/**
 * Hashes passwords and checks them: argon2id over the NFKC form, so that a password typed on another
 * keyboard is the same password.
 *
 * A hash is meant to be dear, and it runs on the few threads that file and name look-ups share. So at
 * most two run at a time, a bounded number waits, and the rest is refused at once: a flood of logins
 * makes logins slow and nothing else. It does not limit how often somebody may guess.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly options: { type: 2; memoryCost: number; timeCost: number; parallelism: number };
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private nobodysHash = '';

  constructor(config: Config) {
    const { memoryKiB, passes } = config.auth.argon2;
    this.options = { type: argon2id, memoryCost: memoryKiB, timeCost: passes, parallelism: 1 };
  }

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash(randomBytes(32).toString('base64'));
  }

  /** @throws DomainError `server_busy` */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFKC'), this.options));
  }

  /**
   * Hands the credentials back if, and only if, the password is theirs. What comes after needs them
   * from here, so it cannot be written without awaiting the answer.
   *
   * Without credentials (nobody has that username) a hash is checked all the same: neither the time
   * nor the answer tells whether somebody exists.
   * @throws DomainError `credentials_invalid`, `server_busy`
   */
  async requireMatch<C extends { passwordHash: string }>(credentials: C | null, password: string): Promise<C> {
    const digest = credentials?.passwordHash ?? this.nobodysHash;
    const matches = await this.inTurn(() => this.check(digest, password));
    if (!matches || credentials === null) {
      throw new DomainError('credentials_invalid', 'The username or the password is wrong');
    }
    return credentials;
  }

  /** Whether a hash was made with other parameters than those of today. */
  isOutdated(passwordHash: string): boolean {
    return needsRehash(passwordHash, this.options);
  }

  /** The dear part of {@link requireMatch}; tests watch it. */
  protected async check(digest: string, password: string): Promise<boolean> {
    return verify(digest, password.normalize('NFKC'));
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < AT_ONCE) this.running += 1;
    else await this.waitForTurn();
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody who comes now can slip in before those who wait.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  private async waitForTurn(): Promise<void> {
    if (this.waiting.length >= QUEUE_MAX) {
      throw new DomainError('server_busy', 'Too many logins at once', { retryInMs: RETRY_IN_MS });
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
