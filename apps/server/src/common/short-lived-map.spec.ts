import { ShortLivedMap } from './short-lived-map.js';

const MANY = 10_000;

describe('ShortLivedMap', () => {
  it('keeps what stays while thousands of others come and go', () => {
    const map = new ShortLivedMap<string, number>();
    map.set('stays', -1);
    for (let number = 0; number < MANY; number += 1) {
      map.set(`passes ${number}`, number);
      expect(map.get(`passes ${number}`)).toBe(number);
      map.delete(`passes ${number}`);
    }
    expect(map.get('stays')).toBe(-1);
  });

  it('forgets what was deleted, and has the latest of what was set twice', () => {
    const map = new ShortLivedMap<string, number>();
    for (let number = 0; number < MANY; number += 1) map.set(String(number), number);
    for (let number = 0; number < MANY; number += 2) map.delete(String(number));
    for (let number = 1; number < MANY; number += 2) map.set(String(number), -number);
    for (let number = 0; number < MANY; number += 1) {
      expect(map.get(String(number))).toBe(number % 2 === 0 ? undefined : -number);
    }
  });
});
