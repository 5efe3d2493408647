import type { MessagePage, MessageView, UserView } from '@parley/contracts';
import { RefusedError, type Api } from './api.js';
import { compareNumbers, compareSeen, type Difference, type Seen, type Sent } from './compare.js';
import { toDisplayName } from './names.js';
import type { Player } from './player.js';
import { listPresentAtEnd, listStretches, type Stretch } from './presence.js';
import type { Script } from './script.js';
import type { Stage, Taken } from './stage.js';
import { mapBounded } from './wait.js';

const READERS_AT_A_TIME = 8;
const PAGE = 100;

export interface Examination {
  differences: Difference[];
  /** Messages that listeners had to hear, and those they did. */
  deliveries: { expected: number; received: number };
}

/**
 * Compares what the server kept and told with the log: the history, every listener, who may read
 * what at the end, and the names.
 */
export class Examiner {
  private readonly sent: ReadonlyMap<string, Sent>;
  private readonly stretches: readonly Stretch[][];
  private readonly presentAtEnd: ReadonlySet<number>;

  constructor(
    private readonly api: Api,
    private readonly script: Script,
    private readonly stage: Stage,
    /** One for each message of the script, in order. */
    private readonly taken: readonly Taken[],
  ) {
    this.sent = new Map(taken.map(({ sent }) => [sent.clientId, sent]));
    this.stretches = listStretches(script);
    this.presentAtEnd = listPresentAtEnd(script);
  }

  /** The messages that a person had to hear, in order. */
  expectedFor(person: number): Sent[] {
    return (this.stretches[person] ?? []).flatMap((stretch) => this.messagesOf(stretch));
  }

  async examine(): Promise<Examination> {
    const differences = [...this.listRefusals(), ...(await this.compareHistory())];
    const deliveries = { expected: 0, received: 0 };
    this.stage.players.forEach((player, person) => {
      const expected = this.expectedFor(person);
      const { seen } = player.recording;
      deliveries.expected += expected.length;
      deliveries.received += seen.length;
      differences.push(...compareSeen({ where: player.label, expected, seen, sent: this.sent }));
    });
    const checks = await mapBounded(this.stage.players, READERS_AT_A_TIME, async (player, person) => [
      ...(await this.compareAccess(player, person)),
      ...(await this.compareName(player, person)),
    ]);
    return { differences: [...differences, ...checks.flat()], deliveries };
  }

  private messagesOf({ from, end }: Stretch): Sent[] {
    return this.taken.slice(from, end).flatMap(({ sent, refusal }) => (refusal === null ? [sent] : []));
  }

  private listRefusals(): Difference[] {
    return this.taken.flatMap(({ sent: { line }, refusal }) =>
      refusal === null ? [] : [{ kind: 'refused' as const, where: 'history', line, detail: refusal }],
    );
  }

  private async compareHistory(): Promise<Difference[]> {
    const history: MessageView[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: MessagePage = await this.readPage(this.stage.owner.token, after);
      history.push(...page.items);
      after = page.after;
    }
    const texts: Seen[] = history.filter(({ kind }) => kind === 'text');
    const expected = this.messagesOf({ from: 0, end: this.taken.length });
    return [
      ...compareNumbers(history.map(({ seq }) => seq)),
      ...compareSeen({ where: 'history', expected, seen: texts, sent: this.sent }),
    ];
  }

  /** Members read from the change with which they joined on; nobody else reads anything. */
  private async compareAccess({ label, account }: Player, person: number): Promise<Difference[]> {
    const present = this.presentAtEnd.has(person);
    const report = (detail: string): Difference[] => [{ kind: 'access', where: label, line: null, detail }];
    try {
      const page = await this.readPage(account.token, 0);
      if (!present) return report('has left, and can read the history');
      const expected = this.messagesOf(this.stretches[person]?.at(-1) ?? { from: 0, end: 0 });
      const texts = page.items.filter(({ kind }) => kind === 'text');
      const wanted = page.after === null ? expected : expected.slice(0, texts.length);
      const right = texts.length === wanted.length && texts.every((text, at) => text.clientId === wanted[at]?.clientId);
      if (right && page.before === null) return [];
      return report(`reads from seq ${texts[0]?.seq ?? 'none'} on instead of ${wanted[0]?.seq ?? 'none'}`);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (!present && error.problem.code === 'conversation_not_found') return [];
      return report(error.message);
    }
  }

  private async compareName({ label, account }: Player, person: number): Promise<Difference[]> {
    const renames = this.script.steps.filter((step) => step.kind === 'rename' && step.person === person);
    const last = renames.at(-1);
    const expected = toDisplayName(last?.kind === 'rename' ? last.nick : (this.script.people[person] ?? ''));
    const { displayName } = await this.api.get<UserView>(`/users/${account.userId}`, this.stage.owner.token);
    if (displayName === expected) return [];
    const detail = `is shown as ${JSON.stringify(displayName)} instead of ${JSON.stringify(expected)}`;
    return [{ kind: 'wrong_name', where: label, line: last?.line ?? null, detail }];
  }

  private readPage(token: () => Promise<string>, after: number): Promise<MessagePage> {
    return this.api.get(`/conversations/${this.stage.conversationId}/messages?after=${after}&limit=${PAGE}`, token);
  }
}
