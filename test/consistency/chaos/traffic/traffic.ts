import { setTimeout as pause } from 'node:timers/promises';
import type { MessageView } from '@parley/contracts';
import type { Text } from '../clients/device.js';
import type { Random } from '../random.js';
import type { Cast, Writer } from './cast.js';
import type { Act, Mix } from './mix.js';

const EMOJI = ['👍', '🎉', '❤️'];
const PAUSE_WITHOUT_CONVERSATIONS_MS = 50;

/** People at work: each does one thing after the other, as their random choices say, until they are to stop. */
export class Traffic {
  private isStopping = false;
  private work: Promise<unknown> = Promise.resolve();
  private texts = 0;

  constructor(
    private readonly cast: Cast,
    private readonly mix: Mix,
    private readonly random: Random,
  ) {}

  start(): void {
    this.isStopping = false;
    const { writers } = this.cast;
    this.work = Promise.all([
      ...writers.map((writer) => this.write(writer, this.random.fork())),
      this.churn(this.random.fork()),
    ]);
    // Whoever stops it hears of a failure.
    this.work.catch(() => undefined);
  }

  /** Lets everybody finish what they are at, which lasts until it is answered. */
  async stop(): Promise<void> {
    this.abandon();
    await this.work;
  }

  /** Nobody begins anything new, and nobody is waited for. */
  abandon(): void {
    this.isStopping = true;
  }

  private async write(writer: Writer, random: Random): Promise<void> {
    while (!this.isStopping) {
      const places = [...this.cast.steady, this.cast.club].filter((id) => writer.device.has(id));
      if (places.length === 0) await pause(PAUSE_WITHOUT_CONVERSATIONS_MS);
      else await this.act(writer, random.pick(places), random);
      await pause(random.between(...this.mix.pauseMs));
    }
  }

  private async act(writer: Writer, conversationId: string, random: Random): Promise<void> {
    const act = random.weighted<Act>(this.mix.acts);
    if (act === 'send' || act === 'burst') await this.send(writer, conversationId, act, random);
    else if (act === 'read') await this.read(writer, conversationId, random);
    else await this.change(writer, conversationId, act, random);
  }

  private async send({ device, twin }: Writer, id: string, act: 'send' | 'burst', random: Random): Promise<void> {
    const count = act === 'send' ? 1 : random.between(...this.mix.burst);
    const texts = Array.from({ length: count }, () => this.compose(device.name, random));
    const twice = twin !== null && random.chance(this.mix.repeatsMeanwhile);
    await Promise.all([device.send(id, texts), twice ? twin.send(id, texts) : null]);
    if (twin !== null && random.chance(this.mix.repeatsAfterwards)) {
      await random.pick([device, twin]).send(id, texts);
    }
  }

  /** Two devices of one person may be at different places: of all positions the highest counts. */
  private async read({ device }: Writer, id: string, random: Random): Promise<void> {
    const known = device.known(id).slice(-10);
    if (known.length > 0) await device.markRead(id, random.pick(known).seq);
  }

  private compose(author: string, random: Random): Text {
    this.texts += 1;
    return { clientId: random.uuid(), body: `${this.texts} by ${author}`.padEnd(this.mix.bodyLength, '茶') };
  }

  private async change(
    { device }: Writer,
    id: string,
    act: Exclude<Act, 'send' | 'burst' | 'read'>,
    random: Random,
  ): Promise<void> {
    const isOpen = ({ kind, deletedAt }: MessageView): boolean => kind === 'text' && deletedAt === null;
    const isOwn = ({ senderId }: MessageView): boolean => senderId === device.userId;
    const texts = device.known(id).filter((message) => isOpen(message) && (act.endsWith('react') || isOwn(message)));
    if (texts.length === 0) return;
    const { seq } = random.pick(texts.slice(-20));
    if (act === 'edit') await device.change(id, { kind: act, seq, body: `edited ${random.uuid()}` });
    else if (act === 'delete') await device.change(id, { kind: act, seq });
    else await device.change(id, { kind: act, seq, emoji: random.pick(EMOJI) });
  }

  /** The owner adds and removes people, and people leave. */
  private async churn(random: Random): Promise<void> {
    const { churnMs } = this.mix;
    const { club, guests, owner } = this.cast;
    const outside = new Set<string>();
    while (churnMs !== null && !this.isStopping) {
      await pause(random.between(...churnMs));
      const { userId, device } = random.pick(guests);
      if (outside.delete(userId)) await owner.changeMembers(club, 'add', userId);
      else {
        outside.add(userId);
        await (random.chance(0.6) ? owner : device).changeMembers(club, 'remove', userId);
      }
    }
    // Everybody is in it again at the end of a stretch, and sees what the others see.
    for (const userId of outside) await owner.changeMembers(club, 'add', userId);
  }
}
