/** The part of the Web Locks API that is used. */
interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Does work that no two tabs of a browser may do at the same time. Where there are no such locks (outside of
 * browsers, and on pages that came over plain HTTP from another machine) it is done at once.
 */
export function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as unknown as { navigator?: { locks?: Locks } };
  return navigator?.locks === undefined ? work() : navigator.locks.request(name, work);
}
