import {
  LIMITS,
  type ConversationSettingsView,
  type ConversationSummary,
  type ConversationView,
  type FactMap,
  type MessageView,
  type ReceiptView,
  type SyncUpdate,
  type UserView,
} from '@parley/contracts';

/** The facts that have a place in a conversation's order. */
export type OrderedFact =
  | { type: 'message:sent'; payload: FactMap['message:sent'] }
  | { type: 'message:changed'; payload: FactMap['message:changed'] };

/**
 * What a client knows of one conversation. It is never changed, only replaced.
 *
 * Invariant: everything up to `last` has been taken in. `messages` are neighbours: of the messages that
 * this person may see there is none between the first and the last of them that is missing here.
 */
export interface ConversationState {
  /** Who one is: own messages are not unread. */
  readonly userId: string;
  /** As the list shows it; `lastSeq` may be ahead of `last`. */
  readonly summary: ConversationSummary;
  /** The position in the number line. */
  readonly last: number;
  /** The highest number that has been heard of; above `last`, something is missing. */
  readonly known: number;
  /** The window of the history, ascending. */
  readonly messages: readonly MessageView[];
  /** Whether the history goes on before the window, and whether it does after it. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Grows when another stretch of the history takes the place of the window. */
  readonly windowId: number;
  /** Facts that came too early. */
  readonly held: readonly OrderedFact[];
  /** Pages of history that are being asked for; while there are any, changes outside the window are kept. */
  readonly loading: number;
  readonly changedMeanwhile: readonly MessageView[];
  /** The number at which the counts and the conversation itself are true. */
  readonly countedAt: number;
  readonly describedAt: number;
  /** Whether counts or members cannot be known without asking for the summary. */
  readonly isStale: boolean;
}

const HELD_MAX = 64;
/** Where counts stop: 100 means "99+". */
const COUNT_MAX = 100;

/** A conversation of which nothing but its summary is known yet. */
export function fromSummary(userId: string, summary: ConversationSummary): ConversationState {
  return {
    userId,
    summary,
    last: summary.lastSeq,
    known: summary.lastSeq,
    messages: [],
    hasOlder: summary.lastMessage !== null,
    hasNewer: false,
    windowId: 0,
    held: [],
    loading: 0,
    changedMeanwhile: [],
    countedAt: summary.lastSeq,
    describedAt: summary.lastSeq,
    isStale: false,
  };
}

/** A conversation that one has just joined: its history begins with the number of the joining. */
export function fromJoining(userId: string, { conversation, seq }: FactMap['conversation:joined']): ConversationState {
  const own = conversation.members?.find((member) => member.userId === userId);
  const before = Math.max(0, seq - 1);
  const state = fromSummary(userId, {
    conversation,
    role: own?.role ?? 'member',
    lastSeq: before,
    visibleFromSeq: seq,
    readSeq: before,
    unread: 0,
    mentions: 0,
    lastMessage: null,
    lastActivityAt: conversation.createdAt,
    receipts: null,
    settings: { mutedUntil: null, pinned: false, archived: false },
  });
  return { ...state, known: seq, isStale: true };
}

/** Whether numbers are missing that `sync` has to bring. */
export function isBehind({ known, last }: ConversationState): boolean {
  return known > last;
}

/**
 * The client's rule: the next number is taken in, a lower one is dropped, a higher one waits for those
 * before it.
 */
export function applyFact(state: ConversationState, fact: OrderedFact): ConversationState {
  const { seq } = fact.payload;
  if (seq <= state.last) return state;
  const heard = { ...state, known: Math.max(state.known, seq) };
  if (seq > state.last + 1) return hold(heard, fact);
  return releaseHeld(takeIn(heard, fact));
}

/** Title, members and roles are state: what is not older than what is known counts, in whatever order. */
export function applyConversation(
  state: ConversationState,
  { seq, conversation }: { seq: number; conversation: ConversationView },
): ConversationState {
  const known = Math.max(state.known, seq);
  if (seq < state.describedAt) return known === state.known ? state : { ...state, known };
  const own = conversation.members?.find((member) => member.userId === state.userId);
  const moved = conversation.memberVersion !== state.summary.conversation.memberVersion;
  return {
    ...state,
    known,
    describedAt: seq,
    // Whose receipts are shown, and one's own role in a large group, are known by the summary only.
    isStale: state.isStale || moved,
    summary: { ...state.summary, conversation, role: own?.role ?? state.summary.role },
  };
}

/** Positions only grow. Null hides the reads of somebody else; about oneself it says nothing. */
export function applyReceipt(state: ConversationState, receipt: ReceiptView): ConversationState {
  const isOwn = receipt.userId === state.userId;
  const receipts = state.summary.receipts?.map((known) =>
    known.userId === receipt.userId ? later(known, receipt, isOwn) : known,
  );
  const told = receipts === undefined ? state : { ...state, summary: { ...state.summary, receipts } };
  return isOwn && receipt.readSeq !== null ? markRead(told, receipt.readSeq) : told;
}

/** Everything up to `seq` is read, on this device or another one. */
export function markRead(state: ConversationState, seq: number): ConversationState {
  if (seq <= state.summary.readSeq) return state;
  return recount({ ...state, summary: { ...state.summary, readSeq: seq } });
}

export function applySettings(state: ConversationState, settings: ConversationSettingsView): ConversationState {
  return { ...state, summary: { ...state.summary, settings } };
}

/** Somebody has another name. */
export function applyUser(state: ConversationState, { id, username, displayName }: UserView): ConversationState {
  const { conversation } = state.summary;
  if (conversation.members?.some(({ userId }) => userId === id) !== true) return state;
  const members = conversation.members.map((member) =>
    member.userId === id ? { ...member, username, displayName } : member,
  );
  return { ...state, summary: { ...state.summary, conversation: { ...conversation, members } } };
}

/** Takes in what `sync` says of this conversation; the summary of the same answer goes before it. */
export function applyUpdate(state: ConversationState, update: SyncUpdate): ConversationState {
  if (update.kind === 'delta') {
    const moved = { ...state, last: Math.max(state.last, update.to), known: Math.max(state.known, update.to) };
    const merged = update.messages.reduce(merge, moved);
    // The summary that came with them has counted them, unless something newer was known already.
    return releaseHeld(update.to <= merged.countedAt ? merged : recount({ ...merged, countedAt: update.to }));
  }
  if (update.head < state.last) return update.messages.reduce(merge, state);
  return releaseHeld({
    ...state,
    last: update.head,
    known: Math.max(state.known, update.head),
    messages: update.messages,
    hasOlder: update.hasMoreBefore,
    hasNewer: false,
    windowId: state.windowId + 1,
  });
}

/** Takes in a summary, as far as it is not older than what is known. */
export function applySummary(state: ConversationState, summary: ConversationSummary): ConversationState {
  const { lastSeq, visibleFromSeq } = summary;
  const known = Math.max(state.known, lastSeq);
  if (lastSeq < Math.max(state.countedAt, state.describedAt)) return { ...state, known };
  const readSeq = Math.max(summary.readSeq, state.summary.readSeq);
  const messages = state.messages.filter((message) => message.seq >= visibleFromSeq);
  const lastMessage = newest(state.summary.lastMessage, summary.lastMessage);
  const next: ConversationState = {
    ...state,
    known,
    summary: { ...summary, readSeq, lastMessage, receipts: keepOwn(summary.receipts, state) },
    messages,
    hasOlder: hasOlder(state, messages, lastMessage, visibleFromSeq),
    hasNewer: state.hasNewer && (messages.length > 0 || state.messages.length === 0),
    countedAt: lastSeq,
    describedAt: lastSeq,
    isStale: false,
  };
  // The counts are those after the position that the server knows, which may be behind one's own.
  return readSeq === summary.readSeq ? next : recount(next);
}

function hasOlder(
  state: ConversationState,
  [first]: readonly MessageView[],
  lastMessage: MessageView | null,
  visibleFromSeq: number,
): boolean {
  if (first !== undefined) return state.hasOlder && visibleFromSeq < first.seq;
  // What was empty before begins with what comes, unless there is something that was not read yet.
  return state.messages.length === 0 && !state.hasNewer ? state.hasOlder : lastMessage !== null;
}

/** An own message as the server has it, from the answer to a command. Its number is told by its fact. */
export function applyAnswer(state: ConversationState, message: MessageView): ConversationState {
  return { ...merge(state, message), known: Math.max(state.known, message.changedSeq ?? message.seq) };
}

export interface Page {
  readonly items: readonly MessageView[];
  readonly before: number | null;
  readonly after: number | null;
}

/** Where a page belongs: before or after the window, or instead of it. */
export type PagePlace = 'before' | 'after' | 'instead';

/** What a page was asked for, and in which window. */
export interface PageRequest {
  readonly place: PagePlace;
  readonly windowId: number;
  readonly hadMessages: boolean;
}

export function toRequest({ windowId, messages }: ConversationState, place: PagePlace): PageRequest {
  return { place, windowId, hadMessages: messages.length > 0 };
}

/** A page is being asked for. */
export function startLoading(state: ConversationState): ConversationState {
  return { ...state, loading: state.loading + 1 };
}

/**
 * The page came, or, null, it failed. What was heard while it was under way is newer than the page. A page
 * that was to be joined to a window which is gone is dropped.
 */
export function endLoading(state: ConversationState, request: PageRequest, page: Page | null): ConversationState {
  const loading = Math.max(0, state.loading - 1);
  const settled = { ...state, loading, changedMeanwhile: loading === 0 ? [] : state.changedMeanwhile };
  const { place, windowId, hadMessages } = request;
  if (page === null || (place !== 'instead' && windowId !== state.windowId)) return settled;
  const end = page.items.at(-1)?.seq ?? 0;
  const messages = new Map<number, MessageView>();
  const add = (message: MessageView): void =>
    void messages.set(message.seq, newest(messages.get(message.seq) ?? null, message) ?? message);
  page.items.forEach(add);
  if (place !== 'instead') state.messages.forEach(add);
  // Into an empty window nothing could be put that was not its beginning.
  for (const heard of [...state.changedMeanwhile, ...state.messages]) {
    const isNext = place === 'before' && !hadMessages && heard.seq > end;
    if (isNext || messages.has(heard.seq)) add(heard);
  }
  const next: ConversationState = {
    ...settled,
    windowId: place === 'instead' ? state.windowId + 1 : state.windowId,
    messages: [...messages.values()]
      .filter((message) => message.seq >= state.summary.visibleFromSeq)
      .sort((a, b) => a.seq - b.seq),
    hasOlder: place === 'after' ? state.hasOlder : page.before !== null,
    hasNewer: place === 'before' ? state.hasNewer : page.after !== null || isBeyond(state, page),
  };
  // When the page was read there was nothing: what has come since is the history that was not read yet.
  const shown = next.messages.length === 0 && next.hasNewer ? { ...next, hasOlder: true, hasNewer: false } : next;
  return holdsUnread(shown) ? countWindow(shown) : shown;
}

/** Whether messages came, after a page was read at the end of the history, that are not in it. */
function isBeyond({ summary: { lastMessage } }: ConversationState, { items }: Page): boolean {
  return lastMessage !== null && lastMessage.seq > (items.at(-1)?.seq ?? 0);
}

function hold(state: ConversationState, fact: OrderedFact): ConversationState {
  const isHeld = state.held.some((held) => held.payload.seq === fact.payload.seq);
  return isHeld || state.held.length >= HELD_MAX ? state : { ...state, held: [...state.held, fact] };
}

function releaseHeld(state: ConversationState): ConversationState {
  let next = state;
  for (;;) {
    const due = next.held.find((fact) => fact.payload.seq === next.last + 1);
    const held = next.held.filter((fact) => fact !== due && fact.payload.seq > next.last);
    next = held.length === next.held.length ? next : { ...next, held };
    if (due === undefined) return next;
    next = takeIn(next, due);
  }
}

/** Takes in the next number. */
function takeIn(state: ConversationState, fact: OrderedFact): ConversationState {
  const { seq, message } = fact.payload;
  const next = merge({ ...state, last: seq }, message);
  // A summary from later on has counted it already.
  if (seq <= state.countedAt) return holdsUnread(next) ? countWindow(next) : next;
  return countOn({ ...next, countedAt: seq }, fact);
}

/** Puts a message where it belongs, if what is known of it is not newer. */
function merge(state: ConversationState, message: MessageView): ConversationState {
  const { summary, messages, changedMeanwhile } = state;
  const lastSeq = summary.lastMessage?.seq ?? 0;
  const isInside = messages.some((known) => known.seq === message.seq);
  return {
    ...state,
    summary: {
      ...summary,
      lastSeq: Math.max(summary.lastSeq, state.last),
      lastMessage: newest(summary.lastMessage, message),
      lastActivityAt: message.seq > lastSeq ? message.createdAt : summary.lastActivityAt,
    },
    messages: isInside
      ? messages.map((known) => (known.seq === message.seq ? (newest(known, message) ?? known) : known))
      : belongs(state, message)
        ? [...messages, message].sort((a, b) => a.seq - b.seq)
        : messages,
    changedMeanwhile: state.loading > 0 && !isInside ? [...changedMeanwhile, message] : changedMeanwhile,
  };
}

/** Whether a message that is not in the window is part of that stretch of the history. */
function belongs({ messages, hasOlder, hasNewer, summary }: ConversationState, { seq }: MessageView): boolean {
  if (seq < summary.visibleFromSeq) return false;
  const first = messages[0]?.seq ?? (summary.lastMessage?.seq ?? 0) + 1;
  const last = messages.at(-1)?.seq ?? 0;
  return (!hasOlder || seq >= first) && (!hasNewer || seq < last);
}

/** The later message, and of one message the view of its latest change. */
function newest(known: MessageView | null, other: MessageView | null): MessageView | null {
  if (known === null || other === null) return known ?? other;
  if (known.seq !== other.seq) return known.seq > other.seq ? known : other;
  return (other.changedSeq ?? other.seq) > (known.changedSeq ?? known.seq) ? other : known;
}

/** Brings unread and mentions in line with the window and the position, or leaves them to the summary. */
function recount(state: ConversationState): ConversationState {
  const { summary } = state;
  if (holdsUnread(state)) return countWindow(state);
  if (summary.readSeq >= (summary.lastMessage?.seq ?? state.last)) return withCounts(state, 0, 0);
  return { ...state, isStale: true };
}

/** Brings them in line with one more fact. */
function countOn(state: ConversationState, fact: OrderedFact): ConversationState {
  if (holdsUnread(state)) return countWindow(state);
  const { summary, userId } = state;
  const { message } = fact.payload;
  if (message.seq <= summary.readSeq || message.senderId === userId) return state;
  if (fact.type === 'message:sent') {
    if (!counts(message, userId)) return state;
    return withCounts(state, summary.unread + 1, summary.mentions + Number(mentions(message, userId)));
  }
  const { change } = fact.payload;
  // What it was before is not known, so neither is what the change takes away.
  return change === 'reaction_added' || change === 'reaction_removed' ? state : { ...state, isStale: true };
}

/** Whether the window has everything that is unread, as of the number at which the counts are true. */
function holdsUnread({ summary, messages, hasOlder, hasNewer, last, countedAt }: ConversationState): boolean {
  if (hasNewer || last < countedAt) return false;
  const first = messages[0]?.seq ?? Infinity;
  return !hasOlder || first <= Math.max(summary.readSeq + 1, summary.visibleFromSeq);
}

function countWindow(state: ConversationState): ConversationState {
  const { messages, userId, summary } = state;
  const unread = messages.filter((message) => message.seq > summary.readSeq && counts(message, userId));
  return withCounts(state, unread.length, unread.filter((message) => mentions(message, userId)).length);
}

function withCounts(state: ConversationState, unread: number, mentioned: number): ConversationState {
  const summary = { ...state.summary, unread: Math.min(unread, COUNT_MAX), mentions: Math.min(mentioned, COUNT_MAX) };
  return { ...state, summary };
}

function counts({ senderId, kind, deletedAt }: MessageView, userId: string): boolean {
  return senderId !== userId && kind === 'text' && deletedAt === null;
}

function mentions({ mentions: named, mentionsAll }: MessageView, userId: string): boolean {
  return mentionsAll || named.includes(userId);
}

function later(known: ReceiptView, told: ReceiptView, isOwn: boolean): ReceiptView {
  const deliveredSeq = Math.max(known.deliveredSeq, told.deliveredSeq);
  if (told.readSeq === null) return { ...known, deliveredSeq, readSeq: isOwn ? known.readSeq : null };
  return { ...known, deliveredSeq, readSeq: Math.max(known.readSeq ?? 0, told.readSeq) };
}

/** What one has read oneself may not have reached the server yet. */
function keepOwn(receipts: ReceiptView[] | null, { userId, summary }: ConversationState): ReceiptView[] | null {
  const own = summary.receipts?.find((receipt) => receipt.userId === userId);
  if (own === undefined || receipts === null) return receipts;
  return receipts.map((receipt) => (receipt.userId === userId ? later(receipt, own, true) : receipt));
}

/** The most members of a conversation whose list it carries. */
export const INLINE_MEMBERS_MAX = LIMITS.membersInlineMax;
