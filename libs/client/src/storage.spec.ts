import {
  indexedDbStorage,
  memoryStorage,
  webStorage,
  type IndexedDbLike,
  type KeyValueStorage,
  type WebStorageLike,
} from './storage.js';

// Its types are those of a browser, which nothing else here has.
const { IDBFactory } = (await import('fake-indexeddb')) as unknown as { IDBFactory: new () => IndexedDbLike };

/** Web Storage, as a browser has it: it can be full, and it can be forbidden. */
function browserStorage(room = Infinity): WebStorageLike {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > room) throw new Error('QuotaExceededError');
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
  };
}

const STORAGES: Record<string, () => KeyValueStorage> = {
  memory: memoryStorage,
  'Web Storage': () => webStorage(browserStorage()),
  IndexedDB: () => indexedDbStorage(new IDBFactory()),
};

describe.each(Object.entries(STORAGES))('a storage in %s', (_name, open) => {
  it('gives back what was put in, until it is deleted', async () => {
    const storage = open();
    expect(await storage.get('parley:a')).toBeNull();
    await storage.set('parley:a', 'one');
    await storage.set('parley:a', 'two');
    expect(await storage.get('parley:a')).toBe('two');
    await storage.delete('parley:a');
    await storage.delete('parley:a');
    expect(await storage.get('parley:a')).toBeNull();
  });

  it('knows the keys that begin alike', async () => {
    const storage = open();
    for (const key of ['parley:outbox:1', 'parley:outbox:2', 'parley:session', 'other']) await storage.set(key, key);
    expect((await storage.keys('parley:outbox:')).sort()).toEqual(['parley:outbox:1', 'parley:outbox:2']);
  });
});

describe('a storage that does not work', () => {
  it('rejects, and does not throw, when Web Storage is full', async () => {
    const storage = webStorage(browserStorage(3));
    await expect(storage.set('parley:a', 'too long')).rejects.toThrow('QuotaExceededError');
  });

  it('rejects when IndexedDB cannot be opened, and tries again the next time', async () => {
    const working = new IDBFactory();
    let refusals = 1;
    const storage = indexedDbStorage({
      open: (name, version) => {
        if (refusals-- > 0) throw new Error('forbidden');
        return working.open(name, version);
      },
    });
    await expect(storage.get('parley:a')).rejects.toThrow('forbidden');
    await storage.set('parley:a', 'one');
    expect(await storage.get('parley:a')).toBe('one');
  });
});
