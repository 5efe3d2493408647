import type { Message } from '../history/message.js';
import type { ShownConversation } from './evidence.js';
import { broken, CONVERSATION, CREATED, history, member, stored, text } from './evidence-builder.js';

const shows = (messages: readonly Message[], counts: ShownConversation['counts'] = null) => ({
  clients: [
    { client: "ben's client", userId: 'ben', conversations: [{ conversationId: CONVERSATION, messages, counts }] },
  ],
});

const one = stored([text(2)]);

describe('what a client shows in the end', () => {
  it('is what the server has', () => {
    expect(broken(history(), one, shows([CREATED, text(2)]))).toEqual([]);
  });

  it('may lack nothing, have nothing more, and nothing older', () => {
    const deleted = text(2, { body: null, isDeleted: true, changedSeq: 3, version: 2 });
    expect(broken(history(), one, shows([CREATED]))).toEqual(['final-state']);
    expect(broken(history(), one, shows([CREATED, text(2), text(3)]))).toEqual(['final-state']);
    expect(broken(history(), stored([deleted]), shows([CREATED, text(2)]))).toEqual(['final-state']);
  });

  it('is in order', () => {
    expect(broken(history(), one, shows([text(2), CREATED]))).toEqual(['final-state']);
  });

  it('are the conversations that its person belongs to', () => {
    const gone = { members: [member('ada'), member('ben', { leftSeq: 3 })] };
    expect(broken(history(), stored([text(2)], gone), shows([CREATED, text(2)]))).toEqual(['final-state']);
    const nothing = { clients: [{ client: "ben's client", userId: 'ben', conversations: [] }] };
    expect(broken(history(), one, nothing)).toEqual(['final-state']);
  });

  it('begins where its person may see it', () => {
    const members = [member('ada'), member('ben', { visibleFromSeq: 2 })];
    expect(broken(history(), stored([text(2)], { members }), shows([text(2)]))).toEqual([]);
  });

  it('counts what others wrote after the read position', () => {
    const both = [CREATED, text(2)];
    expect(broken(history(), one, shows(both, { unread: 1, readSeq: 1 }))).toEqual([]);
    expect(broken(history(), one, shows(both, { unread: 2, readSeq: 1 }))).toEqual(['final-state']);
    expect(broken(history(), one, shows(both, { unread: 1, readSeq: 2 }))).toEqual(['final-state']);
  });
});
