import 'reflect-metadata';

const DIST = new URL('../../../../apps/server/dist/', import.meta.url);

/** Loads a module of the built server: the same one that the server itself will get. */
export function load(path) {
  return import(new URL(path, DIST).href);
}

/** Puts something around a method of a class of the server; `make` is handed the original. */
export function wrap(type, method, make) {
  const original = type?.prototype?.[method];
  if (typeof original !== 'function') {
    throw new Error(`There is no ${type?.name ?? 'such class'}.${method} to put something around`);
  }
  type.prototype[method] = make(original);
}
