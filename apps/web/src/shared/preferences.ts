import { localStore, type LocalStore } from './local-store.js';

const KEY = 'parley-web:notifications';

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

/** Whether this person wants desktop notifications on this device; the browser has to allow them as well. */
export const wantsNotifications: LocalStore<boolean> = localStore(read());

export function setWantsNotifications(wanted: boolean): void {
  wantsNotifications.set(wanted);
  try {
    localStorage.setItem(KEY, wanted ? 'on' : 'off');
  } catch {
    // It lasts as long as the page.
  }
}
