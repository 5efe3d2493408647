import type { ConversationSummary } from '@parley/contracts';
import { arrange } from './arrange.js';
import { countWaiting, isMuted, toBadge } from './describe.js';

interface Wanted {
  pinned?: boolean;
  archived?: boolean;
  mutedUntil?: string | null;
  unread?: number;
  mentions?: number;
}

function group(title: string, wanted: Wanted = {}): ConversationSummary {
  const { pinned = false, archived = false, mutedUntil = null, unread = 0, mentions = 0 } = wanted;
  return {
    conversation: {
      id: title,
      kind: 'group',
      title,
      createdBy: 'ada',
      createdAt: '2026-01-01T00:00:00.000Z',
      memberCount: 1,
      memberVersion: 1,
      members: [],
    },
    role: 'member',
    lastSeq: 1,
    visibleFromSeq: 0,
    readSeq: 0,
    unread,
    mentions,
    lastMessage: null,
    lastActivityAt: '2026-01-01T00:00:00.000Z',
    receipts: [],
    settings: { pinned, archived, mutedUntil },
  };
}

const titles = (items: readonly ConversationSummary[]) => items.map(({ conversation }) => conversation.title);

describe('the list of conversations', () => {
  it('has the pinned ones first, each part in the order of the client, and the archived ones apart', () => {
    const items = [group('a'), group('b', { archived: true }), group('c', { pinned: true }), group('d')];
    const { shown, archived } = arrange(items, 'ada');
    expect(titles(shown)).toEqual(['c', 'a', 'd']);
    expect(titles(archived)).toEqual(['b']);
  });

  it('is searched by title, whatever the case', () => {
    const { shown, archived } = arrange(
      [group('Tea'), group('Coffee'), group('tea, old', { archived: true })],
      'ada',
      'TEA',
    );
    expect(titles(shown)).toEqual(['Tea']);
    expect(titles(archived)).toEqual(['tea, old']);
  });
});

describe('what waits', () => {
  const later = '9999-12-31T00:00:00.000Z';

  it('is what is unread, and of muted conversations only what names one', () => {
    const muted = group('m', { mutedUntil: later, unread: 7, mentions: 1 });
    expect(countWaiting([group('a', { unread: 2 }), muted])).toBe(3);
  });

  it('is muted until the time has come', () => {
    expect(isMuted(group('m', { mutedUntil: later }))).toBe(true);
    expect(isMuted(group('m', { mutedUntil: '2020-01-01T00:00:00.000Z' }))).toBe(false);
    expect(isMuted(group('m'))).toBe(false);
  });

  it('is counted to 99', () => {
    expect([toBadge(99), toBadge(100)]).toEqual(['99', '99+']);
  });
});
