import type { ConversationSummary, MessagePage, MessageView, Page, SentMessageView } from '@parley/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../../../support/people.js';
import type { ShownConversation, ShownState } from '../checker/evidence.js';
import type { History } from '../history/history.js';
import type { Action } from '../history/history-event.js';
import { toMessage } from '../history/message.js';
import type { Random } from '../random.js';
import type { Change, Device, Text } from './device.js';
import type { Answer } from './outcome.js';
import { RestCaller } from './rest-caller.js';
import { Witness } from './witness.js';

export interface RestDeviceOptions {
  name: string;
  person: Person;
  app: { url: string };
  history: History;
  random: Random;
}

/** A client that has nothing but REST: it sends, changes, adds and removes people, and reads pages of history. */
export class RestDevice implements Device {
  readonly name: string;
  readonly userId: string;
  readonly isInStep = true;
  private readonly rest: RestCaller;
  private readonly witness: Witness;
  private readonly history: History;
  private readonly random: Random;
  private readonly pages = new Map<string, readonly MessageView[]>();
  private isClosed = false;

  constructor({ name, person, app, history, random }: RestDeviceOptions) {
    this.name = name;
    this.userId = person.id;
    this.history = history;
    this.random = random;
    this.rest = new RestCaller(app, person.accessToken);
    this.witness = new Witness(history, name, person.id);
  }

  known(conversationId: string): readonly MessageView[] {
    return this.pages.get(conversationId) ?? [];
  }

  has(): boolean {
    return true;
  }

  async send(conversationId: string, texts: readonly Text[]): Promise<void> {
    for (const { clientId, body } of texts) {
      const action = { kind: 'send', conversationId, clientId, body } as const;
      await this.carryOut(action, () =>
        this.rest.ask<SentMessageView>('POST', `/conversations/${conversationId}/messages`, { clientId, body }),
      );
    }
    const page = await this.rest.ask<MessagePage>('GET', `/conversations/${conversationId}/messages?limit=30`);
    if (page.data === null) return;
    this.witness.read(conversationId, page.data.items);
    this.pages.set(conversationId, page.data.items);
  }

  async change(conversationId: string, change: Change): Promise<void> {
    const path = `/conversations/${conversationId}/messages/${change.seq}`;
    await this.carryOut({ conversationId, ...change }, () => {
      if (change.kind === 'edit') return this.rest.ask<MessageView>('PATCH', path, { body: change.body });
      if (change.kind === 'delete') return this.rest.ask<MessageView>('DELETE', path);
      const method = change.kind === 'react' ? 'PUT' : 'DELETE';
      return this.rest.ask<MessageView>(method, `${path}/reactions/${encodeURIComponent(change.emoji)}`);
    });
  }

  async markRead(conversationId: string, seq: number): Promise<void> {
    await this.carryOut({ kind: 'read', conversationId, seq }, () =>
      this.rest.ask('PUT', `/conversations/${conversationId}/read`, { seq }),
    );
  }

  /** Adds or removes somebody; whoever removes themselves leaves. */
  async changeMembers(conversationId: string, kind: 'add' | 'remove', targetId: string): Promise<void> {
    const path = `/conversations/${conversationId}/members`;
    const action: Action =
      targetId === this.userId ? { kind: 'leave', conversationId } : { kind, conversationId, targetId };
    await this.carryOut(action, () =>
      kind === 'add'
        ? this.rest.ask('POST', path, { userIds: [targetId] })
        : this.rest.ask('DELETE', `${path}/${targetId}`),
    );
  }

  async shown(): Promise<ShownState> {
    const { items } = await this.read<Page<ConversationSummary>>('/conversations?limit=100');
    const conversations = await Promise.all(items.map((summary) => this.show(summary)));
    return { client: this.name, userId: this.userId, conversations };
  }

  close(): void {
    this.isClosed = true;
  }

  private async show({ conversation: { id }, unread, readSeq }: ConversationSummary): Promise<ShownConversation> {
    const messages: MessageView[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: MessagePage = await this.read(`/conversations/${id}/messages?after=${after}&limit=100`);
      this.witness.read(id, page.items);
      messages.push(...page.items);
      after = page.after;
    }
    return { conversationId: id, messages: messages.map(toMessage), counts: { unread, readSeq } };
  }

  /** Asks until there is an answer. */
  private async read<T>(path: string): Promise<T> {
    for (;;) {
      const answer = await this.rest.ask<T>('GET', path);
      if (answer.data !== null) return answer.data;
      if (!answer.isWorthRetrying || this.isClosed) throw new Error(`${path}: ${JSON.stringify(answer.outcome)}`);
      await pause(this.random.between(100, 400));
    }
  }

  private async carryOut(action: Action, ask: () => Promise<Answer<unknown>>): Promise<void> {
    while (!this.isClosed) {
      const settle = this.history.invoke(this.witness.observer, action);
      const answer = await ask();
      settle(answer.outcome);
      if (!answer.isWorthRetrying) return;
      await pause(this.random.between(100, 400));
    }
  }
}
