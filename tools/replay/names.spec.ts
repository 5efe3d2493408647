import { toDisplayName, toUsername } from './names.js';

describe('the username of a nick', () => {
  it.each([
    ['ada', 'ada-1-f00'],
    ['][AcHm2][', 'AcHm2-1-f00'],
    ['EriC^^', 'EriC-1-f00'],
    ['|`{}^', 'nick-1-f00'],
    ['日本', 'nick-1-f00'],
    ['a-very-long-nick-indeed', 'a-very-long-nick-1-f00'],
  ])('shows what it can of %s', (nick, username) => {
    expect(toUsername(nick, 1, 'f00')).toBe(username);
  });

  it('is short enough, whatever the person and the run', () => {
    expect(toUsername('x'.repeat(99), 99_999, 'deadbeef')).toMatch(/^[A-Za-z0-9_.-]{3,30}$/);
  });
});

describe('the display name of a nick', () => {
  it('is the nick', () => {
    for (const nick of ['ada', '][AcHm2][', 'Radtoo^laptop', 's_', '`|{}', 'Zoë'])
      expect(toDisplayName(nick)).toBe(nick);
  });

  it('is on one line, in NFC, not blank and not too long', () => {
    expect(toDisplayName(' a\nb\u202Ec ')).toBe('a\uFFFDb\uFFFDc');
    expect(toDisplayName('Zoe\u0308')).toBe('Zoë');
    expect(toDisplayName('\ud800')).toBe('\uFFFD');
    expect(toDisplayName('😀'.repeat(50))).toBe('😀'.repeat(40));
    expect(toDisplayName(`x${'😀'.repeat(50)}`)).toBe(`x${'😀'.repeat(39)}`);
  });
});
