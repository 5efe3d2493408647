import type { ProfileView } from '@parley/contracts';
import { OwnProfile } from './own-profile.js';
import { memoryStorage, type KeyValueStorage } from './storage.js';

function profile(id: string, displayName: string, minute: number): ProfileView {
  const updatedAt = new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
  return { id, username: id, displayName, readReceipts: true, createdAt: updatedAt, updatedAt };
}

describe('one’s own profile', () => {
  let storage: KeyValueStorage;
  let loggedIn: string | null;
  const open = (): OwnProfile => new OwnProfile(storage, () => loggedIn);
  const shown = (own: OwnProfile): string | undefined => own.store.getSnapshot()?.displayName;

  beforeEach(() => {
    storage = memoryStorage();
    loggedIn = 'ada';
  });

  it('is shown again at the next visit, before the server has said anything', async () => {
    open().show(profile('ada', 'Ada', 1));
    const next = open();
    await next.load();
    expect(shown(next)).toBe('Ada');
  });

  it('is the newest one, whatever comes last', async () => {
    const own = open();
    own.show(profile('ada', 'Countess', 2));
    own.show(profile('ada', 'Ada', 1));
    expect(shown(own)).toBe('Countess');
    const next = open();
    await next.load();
    expect(shown(next)).toBe('Countess');
  });

  it('is never that of somebody else, also not from the storage', async () => {
    const own = open();
    own.show(profile('ben', 'Ben', 1));
    expect(shown(own)).toBeUndefined();
    own.show(profile('ada', 'Ada', 1));
    loggedIn = 'ben';
    const next = open();
    await next.load();
    expect(shown(next)).toBeUndefined();
  });

  it('is forgotten with the session', async () => {
    const own = open();
    own.show(profile('ada', 'Ada', 1));
    own.forget();
    expect(own.store.getSnapshot()).toBeNull();
    const next = open();
    await next.load();
    expect(next.store.getSnapshot()).toBeNull();
  });

  it('waits for the server when what is stored cannot be read', async () => {
    for (const text of ['', '{', 'null', '7', '{"id":"ada"}']) {
      await storage.set('parley:profile', text);
      const own = open();
      await own.load();
      expect(own.store.getSnapshot()).toBeNull();
    }
  });
});
