import { broken, history, stored, system, text } from './evidence-builder.js';

describe('what was refused for certain', () => {
  it('has not happened', () => {
    expect(broken(history().send(text(2), 'fail'), stored([]))).toEqual([]);
    expect(broken(history().send(text(2), 'fail'), stored([text(2)]))).toEqual(['failure-that-happened']);
  });

  it('may have happened by another try', () => {
    expect(broken(history().send(text(2), 'fail').send(text(2)), stored([text(2)]))).toEqual([]);
    expect(broken(history().send(text(2), 'fail').send(text(2), 'unknown'), stored([text(2)]))).toEqual([]);
  });

  it('is an edit that nobody sees', () => {
    const edited = text(2, { body: 'edited', changedSeq: 3, version: 2 });
    const action = { kind: 'edit', conversationId: 'tea', seq: 2, body: 'edited' } as const;
    expect(broken(history().operation(action, 'fail'), stored([edited]))).toEqual(['failure-that-happened']);
    expect(broken(history().operation(action, 'unknown'), stored([edited]))).toEqual([]);
  });

  it('is a removal that did not take place', () => {
    const removed = stored([system(2, { event: 'member_removed', userIds: ['ben'] })]);
    const action = { kind: 'remove', conversationId: 'tea', targetId: 'ben' } as const;
    expect(broken(history().operation(action, 'fail'), removed)).toEqual(['failure-that-happened']);
    expect(broken(history().operation(action, 'unknown'), removed)).toEqual([]);
  });
});

describe('an outcome that nobody knows', () => {
  it('may be either', () => {
    expect(broken(history().send(text(2), 'unknown'), stored([]))).toEqual([]);
    expect(broken(history().send(text(2), 'unknown'), stored([text(2)]))).toEqual([]);
  });
});
