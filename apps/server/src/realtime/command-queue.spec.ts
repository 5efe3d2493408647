import { setImmediate as turn } from 'node:timers/promises';
import { CommandQueue, type QueuedCommand } from './command-queue.js';

describe('CommandQueue', () => {
  /** What happened, in order. */
  let log: string[];
  /** Ends the run of a command by its name. */
  let finish: Map<string, () => void>;
  let idle: number;

  beforeEach(() => {
    log = [];
    finish = new Map();
    idle = 0;
  });

  const queueOf = (depth = 64, open = true) => new CommandQueue(depth, () => (idle += 1), { open });

  function command(name: string, options: { pipelined?: boolean; refused?: boolean } = {}): QueuedCommand {
    return {
      pipelined: options.pipelined ?? false,
      prepare: async () => {
        log.push(`prepare ${name}`);
        await turn();
        if (options.refused === true) return null;
        return async () => {
          log.push(`run ${name}`);
          await new Promise<void>((resolve) => finish.set(name, resolve));
          log.push(`done ${name}`);
        };
      },
    };
  }

  async function end(name: string): Promise<void> {
    finish.get(name)?.();
    await settled();
  }

  /** Lets everything happen that needs nothing from outside. */
  async function settled(): Promise<void> {
    for (let turns = 0; turns < 10; turns += 1) await turn();
  }

  it('runs one command after the other', async () => {
    const queue = queueOf();
    queue.push(command('a'));
    queue.push(command('b'));
    await settled();
    expect(log).toEqual(['prepare a', 'run a']);
    await end('a');
    expect(log).toEqual(['prepare a', 'run a', 'done a', 'prepare b', 'run b']);
  });

  it('starts pipelined commands in order, without waiting for the end of the one before', async () => {
    const queue = queueOf();
    for (const name of ['a', 'b', 'c']) queue.push(command(name, { pipelined: true }));
    await settled();
    expect(log).toEqual(['prepare a', 'run a', 'prepare b', 'run b', 'prepare c', 'run c']);
  });

  it('makes a command wait for all pipelined ones before it, and those after it wait for it', async () => {
    const queue = queueOf();
    queue.push(command('a', { pipelined: true }));
    queue.push(command('b', { pipelined: true }));
    queue.push(command('c'));
    queue.push(command('d', { pipelined: true }));
    await settled();
    await end('b');
    expect(log).not.toContain('prepare c');
    await end('a');
    expect(log.at(-1)).toBe('run c');
    await end('c');
    expect(log.slice(-3)).toEqual(['done c', 'prepare d', 'run d']);
  });

  it('goes on after a refused command', async () => {
    const queue = queueOf();
    queue.push(command('a', { refused: true }));
    queue.push(command('b'));
    await settled();
    expect(log).toEqual(['prepare a', 'prepare b', 'run b']);
  });

  it('takes no more than its depth, waiting and running together, until one is done', async () => {
    const queue = queueOf(3);
    const accepted = ['a', 'b', 'c', 'd'].map((name) => queue.push(command(name, { pipelined: true })));
    expect(accepted).toEqual([true, true, true, false]);
    await settled();
    expect(queue.push(command('e'))).toBe(false);
    await end('b');
    expect(queue.size).toBe(2);
    expect(queue.push(command('f'))).toBe(true);
  });

  it('holds everything back until it is released', async () => {
    const queue = queueOf(64, false);
    queue.push(command('a'));
    await settled();
    expect(log).toEqual([]);
    queue.release();
    await settled();
    expect(log).toEqual(['prepare a', 'run a']);
  });

  it('forgets what has not started when it is cleared', async () => {
    const queue = queueOf();
    queue.push(command('a'));
    queue.push(command('b'));
    await settled();
    queue.clear();
    await end('a');
    expect(log).toEqual(['prepare a', 'run a', 'done a']);
    expect(queue.size).toBe(0);
  });

  it('says when nothing is left, however the last command ended', async () => {
    const queue = queueOf();
    queue.push(command('a', { pipelined: true }));
    queue.push(command('b', { pipelined: true }));
    await settled();
    await end('a');
    expect(idle).toBe(0);
    await end('b');
    expect(idle).toBe(1);
    queue.push(command('c', { refused: true }));
    await settled();
    expect(idle).toBe(2);
  });

  describe('with commands that wait for nothing', () => {
    /** What the clock of the queue shows. */
    let clock: number;

    beforeEach(() => (clock = 0));

    const timedQueue = () => new CommandQueue(64, () => (idle += 1), { open: true, now: () => clock });

    /** Takes so long, and then wants the process to do something else as well. */
    const busy = (name: string, ms: number, options: { pipelined?: boolean; refused?: boolean } = {}) => ({
      pipelined: options.pipelined ?? false,
      prepare: async () => {
        log.push(name);
        clock += ms;
        setImmediate(() => log.push('others'));
        return options.refused === true ? null : async () => undefined;
      },
    });

    it.each([
      ['refused', { refused: true }],
      ['carried out', {}],
      ['pipelined', { pipelined: true }],
    ])('lets others in between when they take long and are %s', async (_what, options) => {
      const queue = timedQueue();
      for (const name of ['a', 'b', 'c']) queue.push(busy(name, 6, options));
      await settled();
      expect(log).toEqual(['a', 'others', 'b', 'others', 'c', 'others']);
      expect(idle).toBe(1);
    });

    it('carries out in one turn what takes no time', async () => {
      const queue = timedQueue();
      for (const name of ['a', 'b', 'c', 'd', 'e']) queue.push(busy(name, 1));
      await settled();
      expect(log.slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    it('adds up what short ones take', async () => {
      const queue = timedQueue();
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) queue.push(busy(name, 2));
      await settled();
      const turns = log.join(' ').split(/(?: others)+ ?/);
      expect(turns).toEqual(['a b c', 'd e f', '']);
    });

    it('puts behind the others what comes while others have their turn', async () => {
      const queue = timedQueue();
      queue.push(busy('a', 6));
      queue.push(busy('b', 6));
      setImmediate(() => queue.push(busy('c', 0)));
      await settled();
      expect(log.filter((what) => what !== 'others')).toEqual(['a', 'b', 'c']);
    });

    it('forgets what waits for others to have their turn when it is cleared', async () => {
      const queue = timedQueue();
      queue.push(busy('a', 6));
      queue.push(busy('b', 6));
      setImmediate(() => {
        expect(queue.size).toBe(1);
        queue.clear();
      });
      await settled();
      expect(log).toEqual(['a', 'others']);
      expect(idle).toBe(1);
    });
  });
});
