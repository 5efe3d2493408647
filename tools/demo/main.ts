import { talkOn } from './live.js';
import { parseOptions } from './options.js';
import { makePast } from './past.js';
import { PASSWORD, Stage } from './stage.js';
import { tellStory } from './story.js';
import { Teller } from './teller.js';

/** The story of `npm run demo`, at a server that was started for it. */
async function main(args: readonly string[]): Promise<void> {
  const { url, pace, rounds } = parseOptions(args);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
  const teller = new Teller(process.stdout, pace, stopped.signal);
  const stage = await Stage.open(url);
  try {
    const past = await makePast(stage);
    await tellStory(teller, stage, past);
    // From now on Robin is whoever watches.
    stage.client('robin').close();
    await teller.pause(2);
    for (const line of invitation(url)) teller.line(line);
    await talkOn(teller, stage, past, rounds);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  } finally {
    stage.close();
  }
}

const invitation = (url: string): string[] => [
  '',
  '   Now you. Mara and Jonas go on talking, and answer you.',
  '',
  `   Log in at    ${url}/`,
  `   as           robin    password  ${PASSWORD}`,
  `   or try       ${url}/docs  (REST),  ${url}/docs/realtime  (Socket.IO)`,
  '',
  '   Ctrl-C stops it; nothing is kept.',
  '',
];

await main(process.argv.slice(2));
