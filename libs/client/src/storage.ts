/**
 * Where the client keeps what must outlive a reload: the session and the messages that are not sent yet.
 * Keys begin with `parley:`. Two tabs may share one.
 */
export interface KeyValueStorage {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** The keys that begin with this. */
  keys(prefix: string): Promise<string[]>;
}

/** The same storage, of which every method returns a promise, whatever the one that was handed in does. */
export function asAsync(storage: KeyValueStorage): KeyValueStorage {
  return {
    get: async (key) => await storage.get(key),
    set: async (key, value) => await storage.set(key, value),
    delete: async (key) => await storage.delete(key),
    keys: async (prefix) => await storage.keys(prefix),
  };
}

/** Keeps it as long as the process or the page lives. */
export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(values.get(key) ?? null),
    set: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
    keys: (prefix) => Promise.resolve([...values.keys()].filter((key) => key.startsWith(prefix))),
  };
}

/** The part of the Web Storage API that is used: `localStorage` and `sessionStorage` have it. */
export interface WebStorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Keeps it in Web Storage: `webStorage(localStorage)`. */
export function webStorage(storage: WebStorageLike): KeyValueStorage {
  // Web Storage throws when it is full or forbidden.
  const ask = <T>(question: () => T): Promise<T> => new Promise((resolve) => resolve(question()));
  return {
    get: (key) => ask(() => storage.getItem(key)),
    set: (key, value) => ask(() => storage.setItem(key, value)),
    delete: (key) => ask(() => storage.removeItem(key)),
    keys: (prefix) =>
      ask(() =>
        Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
          key.startsWith(prefix),
        ),
      ),
  };
}

interface RequestLike<T> {
  result: T;
  error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface ObjectStoreLike {
  get(key: string): RequestLike<unknown>;
  put(value: string, key: string): RequestLike<unknown>;
  delete(key: string): RequestLike<unknown>;
  getAllKeys(): RequestLike<unknown[]>;
}

interface DatabaseLike {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): { objectStore(name: string): ObjectStoreLike };
}

/** The part of the IndexedDB API that is used. */
export interface IndexedDbLike {
  open(name: string, version: number): RequestLike<DatabaseLike> & { onupgradeneeded: (() => void) | null };
}

const OBJECTS = 'values';

/** Keeps it in a database of IndexedDB, which holds more than Web Storage: `indexedDbStorage(indexedDB)`. */
export function indexedDbStorage(indexedDb: IndexedDbLike, name = 'parley'): KeyValueStorage {
  let database: Promise<DatabaseLike> | null = null;

  function open(): Promise<DatabaseLike> {
    const request = indexedDb.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(OBJECTS);
    return done(request);
  }

  async function ask<T>(
    mode: 'readonly' | 'readwrite',
    question: (objects: ObjectStoreLike) => RequestLike<T>,
  ): Promise<T> {
    database ??= open();
    try {
      return await done(question((await database).transaction(OBJECTS, mode).objectStore(OBJECTS)));
    } catch (error) {
      database = null;
      throw error;
    }
  }

  return {
    get: async (key) => {
      const value = await ask('readonly', (objects) => objects.get(key));
      return typeof value === 'string' ? value : null;
    },
    set: async (key, value) => {
      await ask('readwrite', (objects) => objects.put(value, key));
    },
    delete: async (key) => {
      await ask('readwrite', (objects) => objects.delete(key));
    },
    keys: async (prefix) => {
      const keys = await ask('readonly', (objects) => objects.getAllKeys());
      return keys.filter((key): key is string => typeof key === 'string' && key.startsWith(prefix));
    },
  };
}

function done<T>(request: RequestLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error instanceof Error ? request.error : new Error('IndexedDB failed'));
  });
}
