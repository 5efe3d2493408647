import { setMaxListeners } from 'node:events';
import { Api } from './api.js';
import type { Difference } from './compare.js';
import { Examiner } from './examine.js';
import type { Company } from './player.js';
import type { Progress } from './progress.js';
import { HeardMessages } from './recording.js';
import type { Script } from './script.js';
import { Stage, type Taken } from './stage.js';
import { Timings, type Percentiles } from './timings.js';
import { wait } from './wait.js';

/** How long listeners may take to hear the last messages. */
const STRAGGLERS_MS = 15_000;
const PATIENCE_MS = 60_000;
/** Pauses of the server longer than this are told. */
const HELD_UP_MS = 1_000;

export interface ReplayOptions {
  url: string;
  title: string;
  /** How many times faster than the log's clock; null for as fast as possible. */
  speed: number | null;
  progress: Progress;
  /** Ends the replay early. */
  signal: AbortSignal;
}

export interface ReplayResult {
  messages: number;
  deliveries: { expected: number; received: number };
  /** How often somebody came back after their connection broke. */
  returns: number;
  /** How long playing took, from the first step to the last delivery. */
  seconds: number;
  ack: Percentiles | null;
  delivery: Percentiles | null;
  differences: Difference[];
}

/**
 * Plays a script on a running server, and compares. The phases are methods of their own, in this
 * order, so that a test can do harm between them.
 */
export class Replay {
  private readonly ending = new AbortController();
  private readonly timings = new Timings();
  private readonly taken: Taken[] = [];
  private readonly api: Api;
  private stage: Stage | null = null;
  private seconds = 0;
  private returns = 0;
  /** Until when the replay waits, as far as it was told. */
  private toldUntil = 0;

  constructor(
    private readonly script: Script,
    private readonly options: ReplayOptions,
  ) {
    const signal = AbortSignal.any([options.signal, this.ending.signal]);
    // As many wait for it as there are people in the log.
    setMaxListeners(0, signal);
    this.api = new Api(options.url, signal, PATIENCE_MS);
    this.api.onHeldUp = (reason, ms) => this.tellWait(reason, ms);
  }

  /** All phases, one after the other. */
  async run(): Promise<ReplayResult> {
    try {
      await this.prepare();
      await this.play();
      await this.settle();
      return await this.examine();
    } catch (error) {
      // What ended the replay says more than what its end tore apart.
      throw this.api.signal.aborted ? this.api.signal.reason : error;
    } finally {
      this.close();
    }
  }

  async prepare(): Promise<void> {
    await this.api.requireReachable();
    const { progress, title } = this.options;
    progress.begin('registering', this.script.people.length);
    const company: Company = {
      api: this.api,
      heard: new HeardMessages(),
      conversationId: null,
      onDelivery: ({ clientId }) => {
        if (clientId !== null) this.timings.delivered(clientId);
      },
      onReturn: () => {
        this.returns += 1;
      },
      onFailure: (error) => this.ending.abort(error),
    };
    this.stage = new Stage(company);
    await this.stage.set(this.script, title, () => progress.advance());
    progress.end();
  }

  async play(): Promise<void> {
    const { progress, speed } = this.options;
    const { steps } = this.script;
    const stage = this.requireStage();
    const startedAt = performance.now();
    progress.begin('playing', steps.length);
    for (const step of steps) {
      this.api.signal.throwIfAborted();
      if (speed !== null) {
        const early = startedAt + step.atMs / speed - performance.now();
        if (early > 0) await wait(early, this.api.signal);
      }
      if (step.kind === 'send') this.taken.push(await stage.send(step, this.timings));
      else await stage.act(step);
      progress.advance();
    }
    progress.end();
    this.seconds = (performance.now() - startedAt) / 1_000;
  }

  /** Waits until everybody has heard everything, or the time for that is up. */
  async settle(): Promise<void> {
    const stage = this.requireStage();
    const examiner = this.createExaminer();
    const startedAt = performance.now();
    await Promise.all(
      stage.players.map(async (player, person) => {
        const last = examiner.expectedFor(person).at(-1)?.seq;
        if (typeof last === 'number') await player.recording.reaches(last, STRAGGLERS_MS);
      }),
    );
    this.seconds += (performance.now() - startedAt) / 1_000;
    // Nothing is on its way any more after this, so what should not arrive has not arrived.
    await Promise.all(stage.players.map((player) => player.settle()));
  }

  async examine(): Promise<ReplayResult> {
    const { differences, deliveries } = await this.createExaminer().examine();
    const { ack, delivery } = this.timings;
    return {
      messages: this.taken.length,
      deliveries,
      returns: this.returns,
      seconds: this.seconds,
      ack,
      delivery,
      differences,
    };
  }

  /** Ends every connection. */
  close(): void {
    this.stage?.close();
    this.ending.abort(new Error('the replay is over'));
  }

  /** Several requests may wait for the same: that is told once. */
  private tellWait(reason: string, ms: number): void {
    const until = Date.now() + ms;
    if (ms < HELD_UP_MS || until < this.toldUntil + HELD_UP_MS) return;
    this.toldUntil = until;
    this.options.progress.say(`waits ${Math.ceil(ms / 1_000)} s: ${reason}`);
  }

  private createExaminer(): Examiner {
    return new Examiner(this.api, this.script, this.requireStage(), this.taken);
  }

  private requireStage(): Stage {
    if (this.stage === null) throw new Error('Prepare the replay first');
    return this.stage;
  }
}
