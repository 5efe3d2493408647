import type { ConversationSummary, MessageView, SyncUpdate } from '@parley/contracts';
import fc from 'fast-check';
import {
  applyConversation,
  applyFact,
  applyReceipt,
  applySummary,
  applyUpdate,
  endLoading,
  fromSummary,
  isBehind,
  markRead,
  startLoading,
  toRequest,
  type ConversationState,
  type OrderedFact,
  type Page,
  type PagePlace,
} from './conversation-state.js';

const ME = 'me';
const OTHER = 'other';
const ID = 'conversation';
const PAGE = 4;
const RESET_BEHIND = 6;
const RESET_MESSAGES = 3;
const DELTA_MAX = 2;
const RUNS = Number(process.env['PARLEY_REDUCER_RUNS'] ?? 20_000);

/** What happens in the conversation; `target` picks a message that is there. */
type Deed =
  | { do: 'send'; by: string; mentions: boolean }
  | { do: 'system' }
  | { do: 'edit' | 'delete' | 'react'; target: number; mentions: boolean };

/** What happens to the client. */
type Step =
  | { step: 'deed'; deed: Deed }
  /** A hint of some deed that has happened, as it was told then or as it is read later. */
  | { step: 'hint'; pick: number; late: boolean }
  | { step: 'next' }
  /** The conversation itself is told, as of some number. */
  | { step: 'describe'; pick: number }
  | { step: 'ask'; what: 'sync' | 'summary' | PagePlace; pick: number }
  | { step: 'answer'; pick: number }
  | { step: 'read'; pick: number; elsewhere: boolean };

/** The conversation as the server has it after each deed. */
class Server {
  readonly history: MessageView[][] = [[]];
  readonly facts: OrderedFact[] = [];
  readSeq = 0;

  get head(): number {
    return this.facts.length;
  }

  get messages(): MessageView[] {
    return this.history[this.head] ?? [];
  }

  perform(deed: Deed): void {
    const seq = this.head + 1;
    const texts = this.messages.filter(({ kind, deletedAt }) => kind === 'text' && deletedAt === null);
    const target = 'target' in deed && texts.length > 0 ? texts[deed.target % texts.length] : undefined;
    const message = target === undefined ? sent(seq, deed) : changed(target, seq, deed);
    const others = this.messages.filter((known) => known.seq !== message.seq);
    this.history.push([...others, message].sort((a, b) => a.seq - b.seq));
    const place = { conversationId: ID, seq, message };
    const change = deed.do === 'edit' ? 'edited' : deed.do === 'delete' ? 'deleted' : 'reaction_added';
    this.facts.push(
      target === undefined
        ? { type: 'message:sent', payload: place }
        : { type: 'message:changed', payload: { ...place, change } },
    );
  }

  /** The hint of a deed with the message as it is now; none, when a later change has taken its place. */
  lateHint(index: number): OrderedFact | undefined {
    const fact = this.facts[index];
    const message = this.messages.find((known) => known.seq === fact?.payload.message.seq);
    if (fact === undefined || message === undefined) return undefined;
    if (fact.type === 'message:sent') return { ...fact, payload: { ...fact.payload, message } };
    if (message.changedSeq !== fact.payload.seq) return undefined;
    return { ...fact, payload: { ...fact.payload, message, change: 'several' } };
  }

  summary(): ConversationSummary {
    const unread = this.messages.filter(
      (message) =>
        message.seq > this.readSeq && message.senderId !== ME && message.kind === 'text' && !message.deletedAt,
    );
    const lastMessage = this.messages.at(-1) ?? null;
    return {
      conversation: {
        id: ID,
        kind: 'group',
        title: 'Tea',
        createdBy: OTHER,
        createdAt: time(0),
        memberCount: 2,
        memberVersion: 1,
        members: null,
      },
      role: 'member',
      lastSeq: this.head,
      visibleFromSeq: 1,
      readSeq: this.readSeq,
      unread: unread.length,
      mentions: unread.filter(({ mentions }) => mentions.includes(ME)).length,
      lastMessage,
      lastActivityAt: time(lastMessage?.seq ?? 0),
      receipts: [{ userId: ME, readSeq: this.readSeq, deliveredSeq: this.readSeq }],
      settings: { mutedUntil: null, pinned: false, archived: false },
    };
  }

  update(cursor: number): SyncUpdate | null {
    if (cursor === this.head) return null;
    if (this.head - cursor > RESET_BEHIND) {
      const messages = this.messages.slice(-RESET_MESSAGES);
      const hasMoreBefore = messages.length < this.messages.length;
      return { conversationId: ID, kind: 'reset', head: this.head, messages, hasMoreBefore };
    }
    const missed = this.messages
      .map((message) => ({ message, at: message.seq > cursor ? message.seq : (message.changedSeq ?? 0) }))
      .filter(({ at }) => at > cursor)
      .sort((a, b) => a.at - b.at);
    const told = missed.slice(0, DELTA_MAX);
    const to = told.length === missed.length ? this.head : (told.at(-1)?.at ?? this.head);
    const messages = told.map(({ message }) => message).sort((a, b) => a.seq - b.seq);
    return { conversationId: ID, kind: 'delta', from: cursor, to, messages };
  }

  page(place: PagePlace, { messages }: ConversationState, pick: number): Page {
    const all = this.messages;
    const first = place === 'before' ? messages[0]?.seq : undefined;
    const anchor = place === 'after' ? (messages.at(-1)?.seq ?? 0) : place === 'instead' ? pick % (this.head + 1) : 0;
    const items =
      place === 'before'
        ? all.filter(({ seq }) => seq < (first ?? Infinity)).slice(-PAGE)
        : all.filter(({ seq }) => seq > anchor).slice(0, PAGE);
    const isFirst = items.length === 0 || items[0]?.seq === all[0]?.seq;
    const isLast = items.length === 0 || items.at(-1)?.seq === all.at(-1)?.seq;
    const before = place === 'before' ? !isFirst : anchor > 0 && all.some(({ seq }) => seq <= anchor);
    const after = place === 'before' ? first !== undefined && !isLast : !isLast;
    return { items, before: before ? (items[0]?.seq ?? anchor) : null, after: after ? (items.at(-1)?.seq ?? 0) : null };
  }
}

const time = (seq: number): string => new Date(seq * 1_000).toISOString();

function sent(seq: number, deed: Deed): MessageView {
  const isSystem = deed.do === 'system';
  return {
    conversationId: ID,
    seq,
    senderId: deed.do === 'send' ? deed.by : OTHER,
    clientId: null,
    kind: isSystem ? 'system' : 'text',
    body: isSystem ? null : `text ${seq}`,
    data: isSystem ? { event: 'title_changed', title: 'Tea' } : null,
    replyTo: null,
    mentions: 'mentions' in deed && deed.mentions ? [ME] : [],
    mentionsAll: false,
    reactions: [],
    createdAt: time(seq),
    editedAt: null,
    deletedAt: null,
    changedSeq: null,
    version: 1,
  };
}

function changed(message: MessageView, seq: number, deed: Deed): MessageView {
  const next = { ...message, changedSeq: seq };
  if (deed.do === 'react') return { ...next, reactions: [{ emoji: '👍', count: seq, userIds: [OTHER] }] };
  const version = message.version + 1;
  if (deed.do === 'delete') return { ...next, version, body: null, mentions: [], reactions: [], deletedAt: time(seq) };
  return { ...next, version, body: `edited ${seq}`, mentions: 'mentions' in deed && deed.mentions ? [ME] : [] };
}

/** The client as the engine drives it, with its answers under way. */
class Client {
  state: ConversationState;
  private readonly underWay: (() => void)[] = [];

  constructor(private readonly server: Server) {
    this.state = fromSummary(ME, server.summary());
  }

  hint(fact: OrderedFact | undefined): void {
    if (fact !== undefined) this.state = applyFact(this.state, fact);
  }

  ask(what: 'sync' | 'summary' | PagePlace, pick: number): void {
    const summary = this.server.summary();
    if (what === 'summary') this.underWay.push(() => (this.state = applySummary(this.state, summary)));
    else if (what === 'sync') {
      const update = this.server.update(this.state.last);
      this.underWay.push(() => {
        this.state = applySummary(this.state, summary);
        if (update !== null) this.state = applyUpdate(this.state, update);
      });
    } else this.askPage(what, pick);
  }

  answer(pick: number): void {
    const [answer] = this.underWay.splice(pick % Math.max(1, this.underWay.length), 1);
    answer?.();
  }

  read(seq: number, elsewhere: boolean): void {
    this.server.readSeq = Math.max(this.server.readSeq, seq);
    const receipt = { userId: ME, readSeq: seq, deliveredSeq: seq };
    this.state = elsewhere ? applyReceipt(this.state, receipt) : markRead(this.state, seq);
  }

  describe(seq: number): void {
    this.state = applyConversation(this.state, { seq, conversation: this.server.summary().conversation });
  }

  /** What the engine does when all is quiet: whatever is under way comes, then it asks until it is in step. */
  settle(): void {
    while (this.underWay.length > 0) this.answer(0);
    for (let round = 0; round === 0 || isBehind(this.state) || this.state.isStale; round += 1) {
      if (round > 100) throw new Error('It never gets in step');
      this.ask('sync', 0);
      this.answer(0);
    }
  }

  private askPage(place: PagePlace, pick: number): void {
    // One page at a time, and only where there is more, as `Conversation` asks.
    if (this.state.loading > 0) return;
    if ((place === 'before' && !this.state.hasOlder) || (place === 'after' && !this.state.hasNewer)) return;
    const page = this.server.page(place, this.state, pick);
    const request = toRequest(this.state, place);
    this.state = startLoading(this.state);
    this.underWay.push(() => (this.state = endLoading(this.state, request, page)));
  }
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('send' as const), by: fc.constantFrom(ME, OTHER), mentions: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('system' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'delete' as const, 'react' as const),
      target: fc.nat(20),
      mentions: fc.boolean(),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ step: fc.constant('deed' as const), deed }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('hint' as const), pick: fc.nat(40), late: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ step: fc.constant('next' as const) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('describe' as const), pick: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('ask' as const),
      what: fc.constantFrom(
        'sync' as const,
        'summary' as const,
        'before' as const,
        'after' as const,
        'instead' as const,
      ),
      pick: fc.nat(40),
    }),
  },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('answer' as const), pick: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('read' as const), pick: fc.nat(40), elsewhere: fc.boolean() }),
  },
);

function run(before: readonly Deed[], steps: readonly Step[]): { server: Server; client: Client } {
  const server = new Server();
  for (const early of before) server.perform(early);
  const client = new Client(server);
  for (const current of steps) {
    if (current.step === 'deed') server.perform(current.deed);
    else if (current.step === 'next') client.hint(server.facts[client.state.last]);
    else if (current.step === 'ask') client.ask(current.what, current.pick);
    else if (current.step === 'answer') client.answer(current.pick);
    else if (current.step === 'describe') client.describe(current.pick % (server.head + 1));
    else if (current.step === 'read') client.read(current.pick % (server.head + 1), current.elsewhere);
    else if (server.head > 0) {
      const index = current.pick % server.head;
      client.hint(current.late ? server.lateHint(index) : server.facts[index]);
    }
  }
  return { server, client };
}

/** The part of the history that the window should be. */
function stretch(server: Server, { messages, hasNewer }: ConversationState): MessageView[] {
  const first = messages[0]?.seq ?? Infinity;
  const last = hasNewer ? (messages.at(-1)?.seq ?? 0) : Infinity;
  return server.messages.filter(({ seq }) => seq >= first && seq <= last);
}

describe('the state of a conversation', () => {
  it('is the server’s after a sync, whatever was lost, repeated, reordered or under way', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 8 }), fc.array(step, { maxLength: 40 }), (before, steps) => {
        const { server, client } = run(before, steps);
        client.settle();
        const { state } = client;
        const { messages, summary } = state;
        expect(state).toMatchObject({ last: server.head, known: server.head, held: [], isStale: false, loading: 0 });
        expect(messages).toEqual(stretch(server, state));
        expect(summary).toEqual({ ...server.summary(), receipts: summary.receipts });
        const isComplete = messages[0]?.seq === server.messages[0]?.seq;
        if (!state.hasOlder) expect(isComplete).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('never shows a message in an older state than it has shown it', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 8 }), fc.array(step, { maxLength: 40 }), (before, steps) => {
        const server = new Server();
        for (const early of before) server.perform(early);
        const client = new Client(server);
        const seen = new Map<number, number>();
        for (const current of steps) {
          if (current.step === 'deed') server.perform(current.deed);
          else if (current.step === 'next') client.hint(server.facts[client.state.last]);
          else if (current.step === 'ask') client.ask(current.what, current.pick);
          else if (current.step === 'answer') client.answer(current.pick);
          else if (current.step === 'describe') client.describe(current.pick % (server.head + 1));
          else if (current.step === 'hint' && server.head > 0) client.hint(server.facts[current.pick % server.head]);
          for (const { seq, changedSeq } of client.state.messages) {
            expect(changedSeq ?? seq).toBeGreaterThanOrEqual(seen.get(seq) ?? 0);
            seen.set(seq, changedSeq ?? seq);
          }
        }
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it('lets what came while an empty history was read be read, and shows what comes next', () => {
    const server = new Server();
    const hello = { do: 'send', by: OTHER, mentions: false } as const;
    let state = fromSummary(ME, server.summary());
    const request = toRequest(state, 'instead');
    state = startLoading(state);
    server.perform(hello);
    state = applyFact(state, server.facts[0]!);
    state = endLoading(state, request, { items: [], before: null, after: null });
    expect(state).toMatchObject({ messages: [], hasOlder: true, hasNewer: false });
    server.perform(hello);
    state = applyFact(state, server.facts[1]!);
    expect(state.messages.map(({ seq }) => seq)).toEqual([2]);
  });

  it('asks for the counts of what sync brought when its summary was older than what was known already', () => {
    const server = new Server();
    const hello = { do: 'send', by: OTHER, mentions: false } as const;
    server.perform(hello);
    const client = new Client(server);
    server.perform(hello);
    client.ask('sync', 0);
    server.perform({ do: 'system' });
    client.describe(3);
    client.answer(0);
    client.hint(server.facts[2]);
    expect(client.state).toMatchObject({ last: 3, isStale: true });
    client.settle();
    expect(client.state.summary.unread).toBe(2);
  });
});
