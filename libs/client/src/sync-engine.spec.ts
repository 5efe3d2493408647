import { jest } from '@jest/globals';
import type {
  CommandInput,
  ConversationSummary,
  ConversationView,
  FactMap,
  MessageView,
  SyncReply,
  SyncUpdate,
} from '@parley/contracts';
import { ConversationStates } from './conversation-states.js';
import { connectionFailed, ParleyError } from './errors.js';
import { SyncEngine } from './sync-engine.js';

const TEA = 'tea';
const EPOCH = 'one';
const MINUTE = 60_000;

function message(seq: number, conversationId = TEA): MessageView {
  return {
    conversationId,
    seq,
    senderId: 'ben',
    clientId: `client-${seq}`,
    kind: 'text',
    body: `text ${seq}`,
    data: null,
    replyTo: null,
    mentions: [],
    mentionsAll: false,
    reactions: [],
    createdAt: time(seq),
    editedAt: null,
    deletedAt: null,
    changedSeq: null,
    version: 1,
  };
}

function time(seq: number): string {
  return new Date(seq * 1_000).toISOString();
}

function conversation(id: string, memberVersion = 1): ConversationView {
  const members = ['ada', 'ben'].map((userId, joinedSeq) => ({
    userId,
    username: userId,
    displayName: userId,
    role: 'member' as const,
    joinedSeq,
  }));
  const createdAt = time(0);
  return { id, kind: 'group', title: id, createdBy: 'ben', createdAt, memberCount: 2, memberVersion, members };
}

function summary(lastSeq: number, id = TEA): ConversationSummary {
  return {
    conversation: conversation(id),
    role: 'member',
    lastSeq,
    visibleFromSeq: 1,
    readSeq: lastSeq,
    unread: 0,
    mentions: 0,
    lastMessage: message(lastSeq, id),
    lastActivityAt: time(lastSeq),
    receipts: null,
    settings: { mutedUntil: null, pinned: false, archived: false },
  };
}

/** The server's side: where each conversation has got to, what it was asked, and what it answers. */
class Desk {
  readonly heads = new Map([[TEA, 3]]);
  readonly asked: CommandInput<'sync'>[] = [];
  readonly summaries: string[] = [];
  epoch = EPOCH;
  /** What the next questions are refused with. */
  refusals: ParleyError[] = [];
  /** What it says besides. */
  extra: SyncUpdate[] = [];
  /** How long its answers take. */
  underway: Promise<void> = Promise.resolve();

  async sync(input: CommandInput<'sync'>): Promise<SyncReply> {
    this.asked.push(input);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw refusal;
    const isKnown = input.epoch === null || input.epoch === this.epoch;
    const cursors = isKnown ? Object.entries(input.cursors) : [];
    const reply = {
      epoch: this.epoch,
      conversations: [...this.heads].map(([id, head]) => summary(head, id)),
      nextCursor: null,
      updates: [...cursors.flatMap(([id, cursor]) => this.update(id, cursor)), ...this.extra],
      removed: cursors.flatMap(([id]) => (this.heads.has(id) ? [] : [id])),
      more: false,
    };
    await this.underway;
    return reply;
  }

  async getSummary(id: string): Promise<ConversationSummary> {
    this.summaries.push(id);
    const head = this.heads.get(id);
    if (head === undefined) throw new ParleyError('conversation_not_found', 'No', { status: 404 });
    return Promise.resolve(summary(head, id));
  }

  private update(conversationId: string, from: number): SyncUpdate[] {
    const head = this.heads.get(conversationId);
    if (head === undefined || head === from) return [];
    const messages = range(from < head ? from + 1 : 1, head).map((seq) => message(seq, conversationId));
    return head < from
      ? [{ conversationId, kind: 'reset', head, messages, hasMoreBefore: false }]
      : [{ conversationId, kind: 'delta', from, to: head, messages }];
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the sync engine', () => {
  let desk: Desk;
  let states: ConversationStates;
  let engine: SyncEngine;
  let arrived: number[];
  let onNewHistory: jest.Mock<() => void>;
  let onPeople: jest.Mock<() => void>;

  beforeEach(() => {
    jest.useFakeTimers();
    desk = new Desk();
    states = new ConversationStates();
    arrived = [];
    onNewHistory = jest.fn();
    onPeople = jest.fn();
    engine = new SyncEngine({
      states,
      userId: () => 'ada',
      sync: (input) => desk.sync(input),
      getSummary: (id) => desk.getSummary(id),
      getPage: () => Promise.reject(connectionFailed()),
      onMessages: (messages) => void arrived.push(...messages.map(({ seq }) => seq)),
      onSummary: () => undefined,
      onNewHistory,
      onPeople,
    });
  });
  afterEach(() => {
    engine.stop();
    jest.useRealTimers();
  });

  /** Says that there is a message, after it was stored. */
  function tell(seq: number, id = TEA): void {
    desk.heads.set(id, Math.max(seq, desk.heads.get(id) ?? 0));
    engine.hear({ type: 'message:sent', payload: { conversationId: id, seq, message: message(seq, id) } });
  }

  /** Asks, and does something while the answer is under way. */
  async function asking(meanwhile: () => void): Promise<void> {
    let arrive = (): void => undefined;
    desk.underway = new Promise((resolve) => (arrive = resolve));
    const asked = engine.catchUp();
    await pass(0);
    meanwhile();
    arrive();
    await asked;
  }

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const last = (id = TEA): number | undefined => states.get(id)?.last;
  const seqs = (id = TEA): number[] | undefined => states.get(id)?.messages.map(({ seq }) => seq);
  const start = (): Promise<void> => engine.start({ epoch: desk.epoch });

  it('asks on each connection for what was missed', async () => {
    await start();
    expect(engine.list.getSnapshot()).toEqual({ isLoaded: true, hasMore: false });
    engine.stop();
    desk.heads.set(TEA, 5);
    await start();
    expect(desk.asked).toEqual([
      { epoch: null, cursors: {} },
      { epoch: EPOCH, cursors: { tea: 3 } },
    ]);
    expect(last()).toBe(5);
    expect(arrived).toEqual([4, 5]);
  });

  it('asks about once a minute, for of a last fact nobody knows that it was lost', async () => {
    await start();
    desk.heads.set(TEA, 4);
    await pass(MINUTE / 2 - 1);
    expect(desk.asked).toHaveLength(1);
    await pass(MINUTE / 2 + 1);
    expect(desk.asked).toHaveLength(2);
    expect(last()).toBe(4);
    await pass(10 * MINUTE);
    expect(desk.asked.length).toBeGreaterThanOrEqual(12);
    expect(desk.asked.length).toBeLessThanOrEqual(23);
  });

  it('goes on asking after a question that failed, and not without a connection', async () => {
    await start();
    desk.refusals = [connectionFailed()];
    await pass(MINUTE);
    expect(desk.asked).toHaveLength(2);
    await pass(MINUTE);
    expect(desk.asked.length).toBeGreaterThan(2);
    const { length } = desk.asked;
    engine.stop();
    await pass(10 * MINUTE);
    expect(desk.asked).toHaveLength(length);
  });

  it('asks soon when a number is missing, and takes in the rest', async () => {
    await start();
    tell(4);
    tell(6);
    expect(last()).toBe(4);
    await pass(149);
    expect(desk.asked).toHaveLength(1);
    await pass(151);
    expect(desk.asked).toHaveLength(2);
    expect(desk.asked[1]).toEqual({ epoch: EPOCH, cursors: { tea: 4 } });
    expect(last()).toBe(6);
    expect(seqs()).toEqual([4, 5, 6]);
  });

  it('asks once when several numbers of several conversations are missing', async () => {
    desk.heads.set('coffee', 3);
    await start();
    let arrive = (): void => undefined;
    desk.underway = new Promise((resolve) => (arrive = resolve));
    for (const seq of [5, 7, 9]) tell(seq);
    await pass(100);
    for (const seq of [5, 8]) tell(seq, 'coffee');
    await pass(10_000);
    arrive();
    await pass(10_000);
    expect(desk.asked).toHaveLength(2);
    expect([last(), last('coffee')]).toEqual([9, 8]);
  });

  it('does not ask when what was missing has come by itself', async () => {
    await start();
    tell(5);
    tell(4);
    await pass(10_000);
    expect(desk.asked).toHaveLength(1);
    expect(last()).toBe(5);
  });

  it('asks again, ever less often, while it cannot ask for what is missing', async () => {
    await start();
    desk.refusals = [connectionFailed(), connectionFailed(), connectionFailed()];
    tell(5);
    await pass(300);
    expect(last()).toBe(3);
    await pass(500 + 1_000 + 2_000);
    expect(last()).toBe(5);
    expect(desk.asked).toHaveLength(1 + 3 + 1);
  });

  it('goes back when the server does not have what was known', async () => {
    await start();
    engine.stop();
    for (const seq of [4, 5, 6]) tell(seq);
    expect(last()).toBe(6);
    desk.heads.set(TEA, 2);
    await start();
    expect(onNewHistory).toHaveBeenCalledTimes(1);
    expect(last()).toBe(2);
    expect(seqs()).toEqual([1, 2]);
    expect(states.get(TEA)?.summary).toMatchObject({ lastSeq: 2, readSeq: 2 });
    tell(3);
    expect(last()).toBe(3);
  });

  it('does not go back because of an answer that was overtaken', async () => {
    await start();
    desk.extra = [{ conversationId: TEA, kind: 'reset', head: 3, messages: [message(3)], hasMoreBefore: true }];
    await asking(() => {
      for (const seq of [4, 5]) tell(seq);
    });
    expect(onNewHistory).not.toHaveBeenCalled();
    expect(last()).toBe(5);
  });

  it('forgets everything when it connects to another history', async () => {
    desk.heads.set('coffee', 3);
    await start();
    engine.stop();
    desk.epoch = 'two';
    desk.heads.delete('coffee');
    desk.heads.set(TEA, 1);
    await start();
    expect(onNewHistory).toHaveBeenCalledTimes(1);
    expect(desk.asked.at(-1)).toEqual({ epoch: null, cursors: {} });
    expect(states.get('coffee')).toBeNull();
    expect(last()).toBe(1);
  });

  it('forgets everything when an answer is of another history', async () => {
    desk.heads.set('coffee', 3);
    await start();
    desk.epoch = 'two';
    desk.heads.delete('coffee');
    desk.heads.set(TEA, 1);
    await engine.catchUp();
    expect(onNewHistory).toHaveBeenCalledTimes(1);
    expect(states.get('coffee')).toBeNull();
    expect(last()).toBe(1);
    await engine.catchUp();
    expect(desk.asked.at(-1)).toEqual({ epoch: 'two', cursors: { tea: 1 } });
    expect(onNewHistory).toHaveBeenCalledTimes(1);
  });

  it('lets go of what one does not belong to any more', async () => {
    await start();
    desk.heads.delete(TEA);
    await engine.catchUp();
    expect(states.get(TEA)).toBeNull();
  });

  it('gives somebody their new name wherever they are a member', async () => {
    desk.heads.set('coffee', 3);
    await start();
    const user = { id: 'ben', username: 'benjamin', displayName: 'Benjamin', createdAt: time(0) };
    engine.hear({ type: 'user:changed', payload: { user } });
    for (const id of [TEA, 'coffee']) {
      const members = states.get(id)?.summary.conversation.members ?? [];
      expect(members.map(({ username, displayName }) => [username, displayName])).toEqual([
        ['ada', 'ada'],
        ['benjamin', 'Benjamin'],
      ]);
    }
  });

  it('gives somebody their new name also when an answer from before comes after it', async () => {
    await start();
    const user = { id: 'ben', username: 'benjamin', displayName: 'Benjamin', createdAt: time(0) };
    await asking(() => engine.hear({ type: 'user:changed', payload: { user } }));
    expect(states.get(TEA)?.summary.conversation.members?.[1]).toMatchObject({ displayName: 'Benjamin' });
  });

  it('knows an answer as late when a later question about the same was answered before', async () => {
    const late: boolean[] = [];
    const take = (_answer: unknown, question: number): void => void late.push(engine.isLate(TEA, question));
    let answer = (): void => undefined;
    const slow = engine.takeAnswer(new Promise<void>((resolve) => (answer = resolve)), take);
    await engine.takeAnswer(Promise.resolve(), take);
    answer();
    await slow;
    await engine.takeAnswer(Promise.resolve(), take);
    expect(late).toEqual([false, true, false]);
  });

  it('asks for the summary of a conversation that it hears of for the first time, once', async () => {
    await start();
    for (const seq of [1, 2]) tell(seq, 'coffee');
    await pass(10_000);
    expect(desk.summaries).toEqual(['coffee']);
    expect(last('coffee')).toBe(2);
    expect(new Set(arrived)).toEqual(new Set([1, 2]));
  });

  it('says when people may have come or gone', async () => {
    await start();
    onPeople.mockClear();
    tell(4);
    expect(onPeople).not.toHaveBeenCalled();
    const changed: FactMap['conversation:changed'] = {
      conversationId: TEA,
      seq: 4,
      conversation: conversation(TEA, 2),
    };
    engine.hear({ type: 'conversation:changed', payload: changed });
    engine.hear({
      type: 'conversation:joined',
      payload: { conversationId: 'cake', seq: 1, conversation: conversation('cake') },
    });
    engine.hear({ type: 'conversation:left', payload: { conversationId: 'cake', seq: 2 } });
    expect(onPeople).toHaveBeenCalledTimes(3);
  });
});
