import { findAction } from './shortcut-keys.js';

const press = (key: string, modifiers: Partial<Parameters<typeof findAction>[0]> = {}) =>
  findAction({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    target: null,
    defaultPrevented: false,
    ...modifiers,
  });

describe('the keys', () => {
  it('mean something alone, with Alt, and with Ctrl or the command key', () => {
    expect(press('?')).toBe('help');
    expect(press('ArrowDown', { altKey: true })).toBe('next');
    expect(press('k', { ctrlKey: true })).toBe('search');
    expect(press('K', { metaKey: true })).toBe('search');
  });

  it('leave alone what belongs to the browser, and what somebody else has dealt with', () => {
    expect(press('n', { ctrlKey: true })).toBeNull();
    expect(press('ArrowDown')).toBeNull();
    expect(press('n', { defaultPrevented: true })).toBeNull();
  });
});
