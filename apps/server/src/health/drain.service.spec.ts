import { setTimeout as wait } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DrainService } from './drain.service.js';

const never = (): Promise<void> => new Promise(() => undefined);

describe('DrainService', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('lets the clients go before it finishes the work', async () => {
    const drain = new DrainService();
    const order: string[] = [];
    drain.register('appender', 'work', async () => void order.push('appender'));
    drain.register('sockets', 'clients', async () => {
      await wait(5);
      order.push('sockets');
    });
    await drain.drain();
    expect(order).toEqual(['sockets', 'appender']);
  });

  it('is draining from the first moment on, and drains once', async () => {
    const drain = new DrainService();
    let runs = 0;
    drain.register('sockets', 'clients', async () => void (runs += 1));
    expect(drain.draining).toBe(false);
    const first = drain.drain();
    expect(drain.draining).toBe(true);
    await Promise.all([first, drain.drain()]);
    expect(runs).toBe(1);
  });

  it('goes on after a task that fails', async () => {
    const drain = new DrainService();
    const done: string[] = [];
    drain.register('broken', 'clients', () => {
      throw new Error('at once');
    });
    drain.register('rejecting', 'clients', () => Promise.reject(new Error('later')));
    drain.register('outbox', 'work', async () => void done.push('outbox'));
    await drain.drain();
    expect(done).toEqual(['outbox']);
  });

  it('leaves behind what hangs, within 8 s in all', async () => {
    jest.useFakeTimers();
    try {
      const drain = new DrainService();
      drain.register('sockets', 'clients', never);
      drain.register('appender', 'work', never);
      let over = false;
      void drain.drain().then(() => (over = true));
      await jest.advanceTimersByTimeAsync(8_000);
      expect(over).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });
});
