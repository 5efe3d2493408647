import { ParleyError } from '@parley/client';
import type { ErrorCode, MessageView } from '@parley/contracts';

/** A text that somebody wrote. */
export interface WrittenText {
  conversationId: string;
  senderId: string;
  device: string;
  clientId: string;
  body: string;
  replyTo: number | null;
  /** Whether its device sends it after everything that it has sent before. */
  isInOrder: boolean;
  /** Whether it was sent by something else, too. */
  isRepeated: boolean;
  isDiscarded: boolean;
}

/** An edit, a deletion or a reaction; `view` is the answer, null when nobody knows whether it was done. */
export interface Change {
  conversationId: string;
  seq: number;
  view: MessageView | null;
}

/** A change of a group that leaves exactly one system message, if it was done. */
export interface GroupChange {
  conversationId: string;
  actorId: string;
  event: 'member_left' | 'member_removed' | 'title_changed';
  about: string;
  isCertain: boolean;
}

/** What may be refused in a program, because people do what they may not. Everything else is a bug. */
const EXPECTED: readonly (ErrorCode | null)[] = [
  'action_forbidden',
  'conversation_kind_mismatch',
  'conversation_not_found',
  'member_not_found',
  'message_deleted',
  'message_not_found',
  'owner_required',
  'reply_target_not_found',
  'version_conflict',
];

/** What became of a request: its answer, a refusal, or nobody knows. */
export type Outcome<T> = { is: 'done'; answer: T } | { is: 'refused' } | { is: 'unknown' };

/** What the people of a program did, and what they were told that became of it. */
export class Deeds {
  readonly texts: WrittenText[] = [];
  readonly changes: Change[] = [];
  readonly groupChanges: GroupChange[] = [];
  /** What was answered and may not be. */
  readonly oddities: string[] = [];
  private titles = 0;

  /** A title that nothing had before. */
  newTitle(): string {
    return `title ${(this.titles += 1)}`;
  }

  write(text: Omit<WrittenText, 'replyTo' | 'isRepeated' | 'isDiscarded'> & { replyTo?: number | null }): void {
    this.texts.push({ replyTo: null, isRepeated: false, isDiscarded: false, ...text });
  }

  /** Waits for the answer; a refusal that nobody could expect is noted. */
  async outcomeOf<T>(what: string, asking: Promise<T>): Promise<Outcome<T>> {
    try {
      return { is: 'done', answer: await asking };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'connection_failed') return { is: 'unknown' };
      if (!EXPECTED.includes(error.code as ErrorCode)) this.oddities.push(`${what} was refused with ${error.code}`);
      return { is: 'refused' };
    }
  }

  /** Notes a change of a message; `fits` says whether the answer shows what was asked for. */
  async change(
    what: string,
    place: { conversationId: string; seq: number },
    asking: Promise<MessageView>,
    fits: (view: MessageView) => boolean,
  ): Promise<void> {
    const outcome = await this.outcomeOf(what, asking);
    if (outcome.is === 'refused') return;
    const view = outcome.is === 'done' ? outcome.answer : null;
    if (view !== null && !fits(view)) this.oddities.push(`${what} was answered with ${JSON.stringify(view)}`);
    this.changes.push({ ...place, view });
  }

  /** Notes a change of a group. */
  async changeGroup(what: string, change: Omit<GroupChange, 'isCertain'>, asking: Promise<unknown>): Promise<void> {
    const outcome = await this.outcomeOf(what, asking);
    if (outcome.is !== 'refused') this.groupChanges.push({ ...change, isCertain: outcome.is === 'done' });
  }
}
