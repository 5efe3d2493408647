import { broken, history, stored, text } from './evidence-builder.js';

describe('the numbers of a conversation', () => {
  it('may not be missing', () => {
    expect(broken(history(), stored([text(2), text(3)]))).toEqual([]);
    expect(broken(history(), stored([text(2), text(4)]))).toEqual(['number-line']);
  });

  it('may not be there twice', () => {
    const changed = text(2, { changedSeq: 3, version: 2 });
    expect(broken(history(), stored([changed, text(4)]))).toEqual([]);
    expect(broken(history(), stored([changed, text(3)]))).toContain('number-line');
  });

  it('may not go beyond the head', () => {
    expect(broken(history(), stored([text(2)], { lastSeq: 1 }))).toEqual(['number-line']);
  });

  it('may have been replaced by a later change of the same message, of which somebody was told', () => {
    const first = text(2, { changedSeq: 3, reactions: ['👍 ben'] });
    const second = text(2, { changedSeq: 4 });
    expect(broken(history(), stored([second]))).toEqual(['number-line']);
    expect(broken(history().told('ben', first), stored([second]))).toEqual([]);
  });

  it('may have been taken by a change that nobody knows the outcome of', () => {
    const action = { kind: 'react', conversationId: 'tea', seq: 2, emoji: '👍' } as const;
    const changed = stored([text(2, { changedSeq: 4 })]);
    expect(broken(history().operation(action, 'unknown'), changed)).toEqual([]);
    expect(broken(history().operation(action, 'fail'), changed)).toEqual(['number-line']);
  });
});

describe('a message', () => {
  it('is stored once', () => {
    const again = text(3, { clientId: text(2).clientId, body: text(2).body });
    expect(broken(history().send(text(2)), stored([text(2), again]))).toEqual(['sent-twice']);
  });

  it('of another person may have the same client id', () => {
    const other = text(3, { clientId: text(2).clientId, senderId: 'ben' });
    expect(broken(history(), stored([text(2), other]))).toEqual([]);
  });
});
