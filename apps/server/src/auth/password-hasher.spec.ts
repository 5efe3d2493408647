import { testConfig } from '../../../../test/support/config.js';
import { PasswordHasher } from './password-hasher.js';

/** Notes which hashes are checked, and how many at a time. */
class WatchedHasher extends PasswordHasher {
  readonly checked: string[] = [];
  private checking = 0;
  mostAtOnce = 0;

  protected override async check(digest: string, password: string): Promise<boolean> {
    this.checked.push(digest);
    this.checking += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.checking);
    return super.check(digest, password).finally(() => (this.checking -= 1));
  }
}

describe('the password hasher', () => {
  const refusal = (code: string) => expect.objectContaining({ code });
  /** Algorithm, version and parameters: what makes a hash dear. */
  const costOf = (hash: string): string => hash.split('$').slice(0, 4).join('$');

  async function createHasher(env: Record<string, string> = {}): Promise<WatchedHasher> {
    const hasher = new WatchedHasher(testConfig('postgres://nowhere', env));
    await hasher.onModuleInit();
    return hasher;
  }

  it('hands the credentials back to whoever knows the password, and to nobody else', async () => {
    const hasher = await createHasher();
    const ada = { userId: 'ada', passwordHash: await hasher.hash('the password of ada') };
    await expect(hasher.requireMatch(ada, 'the password of ada')).resolves.toBe(ada);
    await expect(hasher.requireMatch(ada, 'the password of ben')).rejects.toEqual(refusal('credentials_invalid'));
    await expect(hasher.requireMatch(ada, '')).rejects.toEqual(refusal('credentials_invalid'));
  });

  it('uses argon2id with the parameters of the settings and a new salt for each hash', async () => {
    const hasher = await createHasher({ PARLEY_ARGON2_MEMORY_KIB: '2048', PARLEY_ARGON2_PASSES: '3' });
    const [one, other] = [await hasher.hash('the same'), await hasher.hash('the same')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=2048,t=3,p=1\$/);
    expect(one).not.toBe(other);
  });

  it('takes a password in any Unicode form for the same', async () => {
    const hasher = await createHasher();
    const ada = { passwordHash: await hasher.hash('\u212bngstr\u00f6m \ufb01n') };
    await expect(hasher.requireMatch(ada, 'A\u030angstro\u0308m fin')).resolves.toBe(ada);
  });

  it('checks a hash for somebody who does not exist, as dear as any, and gives the same answer', async () => {
    const hasher = await createHasher();
    const ada = { passwordHash: await hasher.hash('the password of ada') };
    const refusals = [];
    for (const credentials of [ada, null]) {
      refusals.push(await hasher.requireMatch(credentials, 'a guess').catch((error: unknown) => error));
    }
    expect(refusals[1]).toEqual(refusals[0]);
    expect(refusals[1]).toEqual(refusal('credentials_invalid'));
    expect(hasher.checked).toHaveLength(2);
    expect(hasher.checked.map(costOf)).toEqual([costOf(ada.passwordHash), costOf(ada.passwordHash)]);
    expect(hasher.checked[1]).not.toBe(ada.passwordHash);
  });

  it('knows a hash that was made with other parameters', async () => {
    const [hasher, stronger] = [await createHasher(), await createHasher({ PARLEY_ARGON2_PASSES: '2' })];
    const hash = await hasher.hash('a password');
    expect(hasher.isOutdated(hash)).toBe(false);
    expect(stronger.isOutdated(hash)).toBe(true);
  });

  it('checks two at a time, lets 64 wait, and refuses the rest at once', async () => {
    const hasher = await createHasher();
    const outcomes = await Promise.allSettled(Array.from({ length: 70 }, () => hasher.requireMatch(null, 'x')));
    const reasons: unknown[] = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason);
    expect(reasons.slice(0, 66)).toEqual(Array(66).fill(refusal('credentials_invalid')));
    expect(reasons.slice(66)).toEqual(Array(4).fill(refusal('server_busy')));
    expect(reasons[66]).toMatchObject({ details: { retryInMs: expect.any(Number) } });
    expect(hasher.checked).toHaveLength(66);
    expect(hasher.mostAtOnce).toBe(2);
  });

  it('gives a turn back after a check that failed', async () => {
    const hasher = await createHasher();
    const broken = { passwordHash: 'not a hash' };
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.requireMatch(broken, 'x')));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    await expect(hasher.hash('a password')).resolves.toMatch(/^\$argon2id/);
    await expect(hasher.hash('a password')).resolves.toMatch(/^\$argon2id/);
  });
});
