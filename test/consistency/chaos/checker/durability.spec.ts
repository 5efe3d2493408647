import { broken, history, member, stored, text } from './evidence-builder.js';

const one = text(2);

describe('what was acknowledged', () => {
  it('is there', () => {
    expect(broken(history().send(one), stored([one]))).toEqual([]);
  });

  it('may not be missing', () => {
    expect(broken(history().send(one), stored([]))).toContain('acknowledged-lost');
  });

  it('may not be another message', () => {
    expect(broken(history().send(one), stored([text(2, { clientId: 'another' })]))).toContain('acknowledged-lost');
  });

  it('may not have another content', () => {
    expect(broken(history().send(one), stored([text(2, { body: 'something else' })]))).toContain('acknowledged-lost');
  });

  it('may have been edited since', () => {
    const edited = text(2, { body: 'edited', changedSeq: 3, version: 2 });
    const action = { kind: 'edit', conversationId: 'tea', seq: 2, body: 'edited' } as const;
    expect(broken(history().send(one).operation(action, 'ok', edited), stored([edited]))).toEqual([]);
  });

  it('may not lose its edit', () => {
    const edited = text(2, { body: 'edited', changedSeq: 3, version: 2 });
    const action = { kind: 'edit', conversationId: 'tea', seq: 2, body: 'edited' } as const;
    const events = history().send(one).operation(action, 'ok', edited);
    expect(broken(events, stored([one], { lastSeq: 3 }))).toContain('acknowledged-lost');
  });

  it('may not come back after its deletion', () => {
    const deleted = text(2, { body: null, isDeleted: true, changedSeq: 3, version: 2 });
    const revived = text(2, { changedSeq: 4, version: 3 });
    const events = history().operation({ kind: 'delete', conversationId: 'tea', seq: 2 }, 'ok', deleted);
    expect(broken(events, stored([deleted]))).toEqual([]);
    expect(broken(events, stored([revived]))).toContain('acknowledged-lost');
  });

  it('is a position that does not go back', () => {
    const events = history().operation({ kind: 'read', conversationId: 'tea', seq: 2 }, 'ok');
    const positions = (readSeq: number) => ({ members: [member('ada', { readSeq }), member('ben')] });
    expect(broken(events, stored([one], positions(2)))).toEqual([]);
    expect(broken(events, stored([one], positions(1)))).toEqual(['acknowledged-lost']);
  });

  it('is a removal that has happened', () => {
    const events = history().operation({ kind: 'remove', conversationId: 'tea', targetId: 'ben' }, 'ok');
    const removed = text(2, {
      kind: 'system',
      clientId: null,
      body: null,
      data: { event: 'member_removed', userIds: ['ben'] },
    });
    expect(broken(events, stored([removed]))).toEqual([]);
    expect(broken(events, stored([]))).toEqual(['acknowledged-lost']);
  });
});
