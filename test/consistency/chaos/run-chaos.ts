import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from './arena/arena.js';
import type { Cluster } from './arena/cluster.js';
import type { Topology } from './arena/topology.js';
import { check } from './checker/checker.js';
import type { Violation } from './checker/violation.js';
import { topologyOf, type Fault } from './faults/fault.js';
import { History } from './history/history.js';
import { Inspection } from './inspection.js';
import { Random } from './random.js';
import { assemble, type Cast } from './traffic/cast.js';
import { USUAL_MIX } from './traffic/mix.js';
import { Traffic } from './traffic/traffic.js';

const LOOK_EVERY_MS = 300;

/** Faults of a rule that time may mend: what is on its way arrives. */
const MAY_STILL_COME: readonly string[] = ['delivery-lost', 'final-state'];

export interface RunOptions {
  /** One after the other, on the same servers; they need the same topology. */
  faults: readonly Fault[];
  seed: number;
  short: boolean;
  cluster: Cluster;
  /** How often each fault is injected, with a look at everything after each time. */
  rounds: number;
  /** Acknowledged sends before each fault, and after it. */
  progress: number;
  /** How long to wait for progress, and for what was begun; no measure of speed. */
  patienceMs: number;
  /** How long everything may take to settle after a fault. */
  settleWithinMs: number;
  /** Makes the server under test a bad one; the run goes on until one of the rules says what is wrong with it. */
  spoil?: { preloads: readonly string[]; prepare(databaseUrl: string): Promise<void>; caughtBy: readonly string[] };
}

export interface RunTotals {
  acknowledged: number;
  invoked: number;
  ok: number;
  failed: number;
  unknown: number;
  deliveries: number;
  faults: number;
}

export interface RunResult {
  faults: readonly string[];
  /** The fault after which something was wrong. */
  failedAt: string | null;
  seed: number;
  totals: RunTotals;
  violations: readonly Violation[];
  /** Where the history is, when something was wrong. */
  historyFile: string | null;
}

/** One run: servers, people at work, a fault, and a look at everything when it has healed. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const run = new ChaosRun(options);
  try {
    return await run.toResult(await run.judgeAll());
  } finally {
    await run.close();
  }
}

class ChaosRun {
  private readonly history = new History();
  private readonly random: Random;
  private readonly topology: Topology;
  private arena: Arena | null = null;
  private cast: Cast | null = null;
  private inspection: Inspection | null = null;
  private injected = 0;
  private failedAt: string | null = null;

  constructor(private readonly options: RunOptions) {
    this.random = new Random(options.seed);
    const topology = topologyOf(options.faults);
    this.topology = { ...topology, preloads: [...topology.preloads, ...(options.spoil?.preloads ?? [])] };
  }

  private async open(): Promise<void> {
    this.arena = await Arena.open(this.topology, this.options.cluster);
    await this.options.spoil?.prepare(await this.arena.databaseUrl());
    this.cast = await assemble(this.arena.nodes, this.history, this.random.fork());
    this.inspection = new Inspection(this.arena, this.cast, this.history);
  }

  /** A run that cannot even begin has failed, and says why. */
  async judgeAll(): Promise<readonly Violation[]> {
    try {
      await this.open();
      return await this.rounds();
    } catch (error) {
      return [toViolation(error)];
    }
  }

  /** Ends with the first fault after which something is wrong. */
  private async rounds(): Promise<readonly Violation[]> {
    let found: readonly Violation[] = [];
    for (let round = 1; round <= this.options.rounds; round += 1) {
      for (const fault of this.options.faults) {
        const failure = await this.round(fault).catch((error: unknown) => error);
        const violations = await this.settle(failure);
        if (violations.length === 0) continue;
        this.failedAt = fault.name;
        found = violations;
        if (this.isEnough(violations)) return found;
      }
    }
    return found;
  }

  /** What a bug does first need not be what it was put there for. */
  private isEnough(violations: readonly Violation[]): boolean {
    const caughtBy = this.options.spoil?.caughtBy;
    return caughtBy === undefined || violations.some(({ rule }) => caughtBy.includes(rule));
  }

  private async round(fault: Fault): Promise<void> {
    const { progress } = this.options;
    const traffic = new Traffic(this.theCast, { ...USUAL_MIX, ...fault.mix }, this.random.fork());
    traffic.start();
    try {
      await this.progress(progress);
      this.theInspection.begin();
      await this.inject(fault);
      await this.progress(progress);
      await within(this.options.patienceMs, traffic.stop(), 'What people had begun was not answered for good');
    } finally {
      traffic.abandon();
    }
  }

  private async inject(fault: Fault): Promise<void> {
    this.injected += 1;
    this.history.record({ type: 'fault', name: fault.name, phase: 'begins' });
    await fault.inject({
      arena: this.theArena,
      cast: this.theCast,
      history: this.history,
      random: this.random.fork(),
      short: this.options.short,
      progress: (count) => this.progress(count),
      recordPresence: () => this.theInspection.recordPresence(),
    });
    this.theArena.heal();
    this.history.record({ type: 'fault', name: fault.name, phase: 'ends' });
  }

  private async progress(count: number): Promise<void> {
    const target = this.history.acknowledged + count;
    const deadline = performance.now() + this.options.patienceMs;
    while (this.history.acknowledged < target) {
      if (performance.now() > deadline)
        throw new Error(`No progress: ${this.history.acknowledged} of ${target} acknowledged`);
      await pause(20);
    }
  }

  /** Looks again and again, until all is well or the time to settle is over. */
  private async settle(failure: unknown): Promise<readonly Violation[]> {
    const deadline = performance.now() + this.options.settleWithinMs;
    for (;;) {
      const isLate = performance.now() > deadline;
      const violations = failure === undefined && !isLate && !this.isInStep() ? null : await this.judge(failure);
      const isFinal = violations?.some(({ rule }) => !MAY_STILL_COME.includes(rule)) ?? false;
      if (violations !== null && (violations.length === 0 || isLate || isFinal)) return violations;
      await pause(LOOK_EVERY_MS);
    }
  }

  private isInStep(): boolean {
    return this.theCast.devices.every((device) => device.isInStep);
  }

  private async judge(failure: unknown): Promise<Violation[]> {
    const failed: Violation[] = failure === undefined ? [] : [toViolation(failure)];
    const behind = this.theCast.devices.filter((device) => !device.isInStep).map(({ name }) => name);
    if (behind.length > 0) failed.push(toViolation(new Error(`${behind.join(', ')} did not come back into step`)));
    return [...failed, ...check(await this.theInspection.collect(failed.length === 0))];
  }

  async toResult(violations: readonly Violation[]): Promise<RunResult> {
    const { faults, seed, spoil } = this.options;
    // Of a bad server everybody knows what is wrong.
    const historyFile = violations.length > 0 && spoil === undefined ? this.save() : null;
    const names = faults.map(({ name }) => name);
    return { faults: names, failedAt: this.failedAt, seed, totals: this.totals(), violations, historyFile };
  }

  async close(): Promise<void> {
    for (const device of this.cast?.devices ?? []) device.close();
    for (const { device } of this.cast?.guests ?? []) device.close();
    await Promise.all((this.cast?.links ?? []).map((link) => link.close()));
    await this.arena?.close();
    this.inspection?.end();
  }

  private save(): string {
    const file = join(mkdtempSync(join(tmpdir(), 'parley-chaos-')), 'history.jsonl');
    this.history.save(file);
    return file;
  }

  private totals(): RunTotals {
    const { history } = this;
    return {
      acknowledged: this.history.acknowledged,
      invoked: history.count('invoke'),
      ok: history.count('ok'),
      failed: history.count('fail'),
      unknown: history.count('unknown'),
      deliveries: history.count('told'),
      faults: this.injected,
    };
  }

  private get theArena(): Arena {
    if (this.arena === null) throw new Error('The run has not begun');
    return this.arena;
  }

  private get theInspection(): Inspection {
    if (this.inspection === null) throw new Error('The run has not begun');
    return this.inspection;
  }

  private get theCast(): Cast {
    if (this.cast === null) throw new Error('The run has not begun');
    return this.cast;
  }
}

function toViolation(failure: unknown): Violation {
  const sentence = failure instanceof Error ? failure.message : String(failure);
  return { rule: 'recovery', sentence, evidence: [failure instanceof Error ? failure.stack : failure] };
}

async function within<T>(ms: number, work: Promise<T>, complaint: string): Promise<T> {
  const timer = new AbortController();
  const late = pause(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(complaint);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
