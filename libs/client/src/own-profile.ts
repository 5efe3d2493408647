import type { ProfileView } from '@parley/contracts';
import type { KeyValueStorage } from './storage.js';
import { ValueStore, type Store } from './store.js';

const KEY = 'parley:profile';

/** One's own profile. It is kept in the storage, so that one sees who one is also without a network. */
export class OwnProfile {
  private readonly current = new ValueStore<ProfileView | null>(null);
  readonly store: Store<ProfileView | null> = this.current;

  constructor(
    private readonly storage: KeyValueStorage,
    /** Who is logged in. */
    private readonly userId: () => string | null,
  ) {}

  /** Shows it, unless a newer one is shown or somebody else is logged in: answers and facts overtake each other. */
  show(profile: ProfileView): void {
    if (profile.id !== this.userId()) return;
    if (profile.updatedAt < (this.current.getSnapshot()?.updatedAt ?? '')) return;
    this.current.set(profile);
    // A full or forbidden storage costs a name at the next visit, and nothing now.
    this.storage.set(KEY, JSON.stringify(profile)).catch(() => undefined);
  }

  /** Shows the stored one, if there is one of this person. */
  async load(): Promise<void> {
    try {
      const stored: unknown = JSON.parse((await this.storage.get(KEY)) ?? 'null');
      if (isProfile(stored)) this.show(stored);
    } catch {
      // The server will tell.
    }
  }

  /** Nobody is logged in any more. */
  forget(): void {
    this.current.set(null);
    this.storage.delete(KEY).catch(() => undefined);
  }
}

function isProfile(value: unknown): value is ProfileView {
  return typeof value === 'object' && value !== null && 'updatedAt' in value && 'username' in value;
}
