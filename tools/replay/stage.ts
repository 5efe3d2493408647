import { randomUUID } from 'node:crypto';
import { LIMITS, type ConversationView } from '@parley/contracts';
import { Account } from './account.js';
import { RefusedError } from './api.js';
import type { Sent } from './compare.js';
import { toDisplayName } from './names.js';
import { Player, type Company } from './player.js';
import type { Script, Step } from './script.js';
import { mapBounded } from './wait.js';

/** Password hashes keep the server busy: more at a time would only wait there. */
const REGISTRATIONS_AT_A_TIME = 4;
/** How long somebody who is about to leave may take to hear what was said before. */
const FAREWELL_MS = 5_000;

type SendStep = Extract<Step, { kind: 'send' }>;

export interface Taken {
  sent: Sent;
  /** Why the server did not take it; null when it did. */
  refusal: string | null;
}

/** When each message set out, for the latencies. */
export interface Clock {
  left(clientId: string): void;
  acked(clientId: string): void;
}

/**
 * The people of a log and their group on the server, and what they do there. One step at a time: the
 * order of the log is the order of the answers.
 */
export class Stage {
  /** The number of the newest message. */
  private lastSeq = 0;
  /** For those who joined on the way, the number of the newest message that they will not hear. */
  private readonly joinedAfter = new Map<number, number>();

  readonly players: Player[] = [];
  private channel: Account | null = null;
  private group: string | null = null;

  constructor(private readonly company: Company) {}

  /** The one who made the group and adds people to it, and says nothing. */
  get owner(): Account {
    if (this.channel === null) throw new Error('The stage is not set');
    return this.channel;
  }

  get conversationId(): string {
    if (this.group === null) throw new Error('The stage is not set');
    return this.group;
  }

  /** Registers and connects everybody, and puts those who are there from the start into a group. */
  async set(script: Script, title: string, onArrival: () => void): Promise<void> {
    const { api } = this.company;
    this.channel = await Account.register(api, 'the channel', 0);
    await mapBounded(script.people, REGISTRATIONS_AT_A_TIME, async (nick, person) => {
      const account = await Account.register(api, nick, person + 1);
      const player = new Player(`${nick} (person ${person + 1})`, account, this.company);
      this.players[person] = player;
      await player.start();
      onArrival();
    });
    const body = { kind: 'group', title: toDisplayName(title), memberIds: [] };
    const { token } = this.channel;
    this.group = (await api.request<ConversationView>('POST', '/conversations', { body, token })).id;
    this.company.conversationId = this.group;
    const ids = script.presentFromStart.map((person) => this.player(person).account.userId);
    for (let start = 0; start < ids.length; start += LIMITS.memberIdsPerRequestMax) {
      await this.add(ids.slice(start, start + LIMITS.memberIdsPerRequestMax));
    }
  }

  /** Says something, again and again with the same client id until the server has decided. */
  async send({ person, line, text, body }: SendStep, clock: Clock): Promise<Taken> {
    const { conversationId } = this;
    const player = this.player(person);
    const clientId = randomUUID();
    const sent: Sent = { line, clientId, senderId: player.account.userId, body, seq: null };
    await player.whenReady();
    clock.left(clientId);
    const outcome = await player.send({ conversationId, clientId, body: text });
    if ('refused' in outcome) return { sent, refusal: `${outcome.refused.code}: ${outcome.refused.detail}` };
    clock.acked(clientId);
    this.lastSeq = outcome.message.seq;
    return { sent: { ...sent, seq: this.lastSeq }, refusal: null };
  }

  /** Does everything that is not saying something. */
  async act(step: Exclude<Step, SendStep>): Promise<void> {
    const player = this.player(step.person);
    switch (step.kind) {
      case 'join':
        this.joinedAfter.set(step.person, this.lastSeq);
        return this.add([player.account.userId]);
      case 'leave':
        // Whoever has left cannot read up: what a broken connection swallowed must be there before.
        if (this.lastSeq > (this.joinedAfter.get(step.person) ?? 0)) {
          await player.recording.reaches(this.lastSeq, FAREWELL_MS);
        }
        return this.leave(player.account);
      case 'rename': {
        const body = { displayName: toDisplayName(step.nick) };
        return this.company.api.request('PATCH', '/users/me', { body, token: player.account.token });
      }
    }
  }

  player(person: number): Player {
    const player = this.players[person];
    if (player === undefined) throw new Error(`The script has no person ${person}`);
    return player;
  }

  close(): void {
    // Sparse while people are still arriving.
    this.players.forEach((player) => player.close());
  }

  private async add(userIds: readonly string[]): Promise<void> {
    const path = `/conversations/${this.conversationId}/members`;
    await this.company.api.request('POST', path, { body: { userIds }, token: this.owner.token });
  }

  private async leave({ userId, token }: Account): Promise<void> {
    try {
      await this.company.api.request('DELETE', `/conversations/${this.conversationId}/members/${userId}`, { token });
    } catch (error) {
      // An earlier try got through, and only its answer was lost.
      if (!(error instanceof RefusedError) || error.problem.code !== 'conversation_not_found') throw error;
    }
  }
}
