import { eventually } from '../../../support/eventually.js';
import type { ChildProgram } from '../../../support/child-program.js';
import type { ProcessExit, Resources } from '../checker/evidence.js';
import { launch, type LaunchOptions } from './launch.js';
import { Link, type LinkTarget } from './link.js';
import { resourcesOf } from './resources.js';

/** What a server says only when something is broken that no fault explains. */
const ALARM = /An error that nobody caught|UnhandledPromiseRejection|"level":60|Not everything could be closed/;

export interface NodeOptions extends LaunchOptions {
  name: string;
}

/** A server process behind a link, so that clients find it at one address however often it is started anew. */
export class NodeUnderTest {
  readonly exits: ProcessExit[] = [];
  private readonly ended: ChildProgram[] = [];
  private injected: ProcessExit['injected'] = null;

  private constructor(
    private readonly options: NodeOptions,
    readonly link: Link,
    private program: ChildProgram,
  ) {
    this.watch(program);
  }

  static async start(options: NodeOptions): Promise<NodeUnderTest> {
    const { program, target } = await launch(options);
    const link = await Link.to(target);
    return new NodeUnderTest(options, link, program);
  }

  /** Where clients find it. */
  get url(): string {
    return `http://127.0.0.1:${this.link.port}`;
  }

  /** Where it is itself, past its link. */
  get target(): LinkTarget {
    return this.link.target;
  }

  get name(): string {
    return this.options.name;
  }

  get resources(): Resources {
    return resourcesOf(this.program.pid);
  }

  /** Lines of its log that no fault explains, of all its lives. */
  get alarms(): string[] {
    const lines = [...this.ended, this.program].flatMap(({ output }) => output.split('\n'));
    return lines.filter((line) => ALARM.test(line));
  }

  /** Ends it by a signal, and waits until it is gone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.injected = signal;
    await this.program.kill(signal);
  }

  /** Lets it kill itself when it next comes to its crash point, which is named in its data folder (`preloads/crash-point.mjs`). */
  async crashAtItsPoint(): Promise<void> {
    this.injected = 'SIGKILL';
    await this.program.kill('SIGUSR2');
  }

  /** Does something, and waits until it has said what follows from it. */
  async saysAfter(act: () => void, pattern: RegExp, withinMs: number): Promise<void> {
    const before = this.countSaid(pattern);
    act();
    await eventually(() => {
      if (this.countSaid(pattern) === before) throw new Error(`${this.name} has not said ${pattern}`);
    }, withinMs);
  }

  /** How many lines of this life's log are such. */
  countSaid(pattern: RegExp): number {
    return this.program.output.split('\n').filter((line) => pattern.test(line)).length;
  }

  async restart(): Promise<void> {
    const ended = this.program;
    this.injected = null;
    const { program, target } = await launch(this.options);
    this.ended.push(ended);
    this.program = program;
    this.watch(program);
    this.link.retarget(target);
  }

  /** Takes it down at the end of the run. */
  async close(): Promise<void> {
    this.injected = 'SIGTERM';
    await this.link.close();
    await this.program.kill('SIGTERM');
  }

  private watch(program: ChildProgram): void {
    void program.exited.then(({ code, signal }) => {
      this.exits.push({ node: this.options.name, code, signal, injected: this.injected });
    });
  }
}
