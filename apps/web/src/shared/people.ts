import type { Store } from '@parley/client';
import { createContext, useContext } from 'react';
import { client } from '../session/client.js';
import { localStore, type LocalStore } from './local-store.js';
import { useStore } from './use-store.js';

/** What is shown of somebody. */
export interface Person {
  readonly displayName: string;
  readonly username: string;
}

export type People = ReadonlyMap<string, Person>;

/** Those whom the part of the page is about, by id: they need not be asked for. */
export const PeopleContext = createContext<People>(new Map());

/** Somebody who is not among the members any more; each is asked for once. */
const others = new Map<string, LocalStore<Person | null>>();
const NOBODY: Store<null> = localStore(null);

/** Somebody by their id; null until it is known. */
export function usePerson(userId: string): Person | null {
  const known = useContext(PeopleContext).get(userId) ?? null;
  const other = useStore(known === null ? findOther(userId) : NOBODY);
  return known ?? other;
}

export function useName(userId: string): string {
  return usePerson(userId)?.displayName ?? '…';
}

function findOther(userId: string): Store<Person | null> {
  const existing = others.get(userId);
  if (existing !== undefined) return existing;
  const store = localStore<Person | null>(null);
  others.set(userId, store);
  client.users.get(userId).then(
    (user) => store.set(user),
    () => others.delete(userId),
  );
  return store;
}
