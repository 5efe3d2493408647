import { broken, history, stored, system, text } from './evidence-builder.js';

const removed = system(3, { event: 'member_removed', userIds: ['ben'] });
const conversation = stored([
  text(2),
  removed,
  text(4),
  system(5, { event: 'members_added', userIds: ['ben'] }),
  text(6),
]);
const done = (): ReturnType<typeof history> =>
  history()
    .operation({ kind: 'remove', conversationId: 'tea', targetId: 'ben' }, 'ok')
    .operation({ kind: 'add', conversationId: 'tea', targetId: 'ben' }, 'ok');

describe('somebody who was removed and added again', () => {
  it('may see what happened while they belonged to it', () => {
    const events = done().told('ben', text(2)).told('ben', removed).told('ben', text(6));
    expect(broken(events, conversation)).toEqual([]);
  });

  it('may not be told what came after their removal', () => {
    expect(broken(done().told('ben', text(4)), conversation)).toEqual(['after-removal']);
  });

  it('may not read it either, also not after they are back', () => {
    expect(broken(done().read('ben', text(4)), conversation)).toEqual(['after-removal']);
  });

  it('may not learn of a change that a message had after their removal', () => {
    const edited = text(2, { body: 'edited', changedSeq: 4, version: 2 });
    const after = stored([edited, removed], { lastSeq: 4 });
    const removedOnly = (): ReturnType<typeof history> =>
      history().operation({ kind: 'remove', conversationId: 'tea', targetId: 'ben' }, 'ok');
    expect(broken(removedOnly().told('ben', edited), after)).toEqual(['after-removal']);
    expect(broken(removedOnly().told('ben', text(2)), after)).toEqual([]);
  });

  it('may not be told how far others have got after their removal, unless they are back', () => {
    const gone = stored([text(2), removed, text(4)]);
    const removedOnly = (): ReturnType<typeof history> =>
      history().operation({ kind: 'remove', conversationId: 'tea', targetId: 'ben' }, 'ok');
    expect(broken(removedOnly().receipt('ben', 4), gone)).toEqual(['after-removal']);
    expect(broken(removedOnly().receipt('ben', 3), gone)).toEqual([]);
    expect(broken(done().receipt('ben', 4), conversation)).toEqual([]);
  });

  it('may not have written anything in between', () => {
    const written = stored([removed, text(4, { senderId: 'ben' })], {});
    const numbered = { ...written, messages: [...written.messages.slice(0, 1), text(2), ...written.messages.slice(1)] };
    const events = history().operation({ kind: 'remove', conversationId: 'tea', targetId: 'ben' }, 'ok');
    expect(broken(events, numbered)).toEqual(['after-removal']);
  });
});
