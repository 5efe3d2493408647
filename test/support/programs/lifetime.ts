import { setTimeout as pause } from 'node:timers/promises';
import { StartupError } from '../../../apps/server/src/common/startup-error.js';
import { ProcessLifetime } from '../../../apps/server/src/process-lifetime.js';

/** A process that begins and ends as the server does, in the way that its argument names. */
const [way = ''] = process.argv.slice(2);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const lifetime = new ProcessLifetime();

lifetime.begin(async (ending) => {
  lifetime.onEnd(() => Promise.resolve(say('closed the first')));
  if (way === 'fails') throw new StartupError('This is why.');
  if (way === 'starts slowly') {
    say('starting');
    await pause(2_000, undefined, { signal: ending }).catch(() => undefined);
    ending.throwIfAborted();
  }
  if (way === 'hangs') lifetime.onEnd(() => new Promise(() => undefined));
  if (way === 'cannot close') lifetime.onEnd(() => Promise.reject(new Error('on purpose')));
  lifetime.onEnd(() => Promise.resolve(say('closed the last')));
  say('started');
  if (way === 'throws') setTimeout(() => JSON.parse('{'), 0);
  if (way === 'rejects') void Promise.reject(new Error('on purpose'));
  setInterval(() => undefined, 60_000);
});
