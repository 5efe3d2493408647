import type { Browser, Page } from 'playwright-core';
import { ParleyClient } from '@parley/client';
import { composer, logIn, openConversation, sees } from '../support/browser/chat.js';
import { findChromium } from '../support/browser/chromium.js';
import { launch } from '../support/browser/launch.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startServer } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tasksOfPage, type TraceEvent } from './trace.js';

/**
 * `npm run bench:web`: somebody types while a thousand messages come in within ten seconds. The browser's own
 * tracing tells how long the page was busy at a stretch. Ends with 1 when that was more than 100 ms.
 */
const PREPARE = new URL('../../scripts/lib/prepare.mjs', import.meta.url).href;
const MESSAGES = 1_000;
const WITHIN_MS = 10_000;
const TASK_MAX_MS = 100;
const TEXT = 'What I type is shown as I type it, however much the others have to say. ';

async function main(): Promise<void> {
  const { prepare } = (await import(PREPARE)) as { prepare: () => Promise<void> };
  await prepare();
  const chromium = findChromium();
  if ('missing' in chromium) throw new Error(`A browser is missing: ${chromium.missing}`);
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path });
  const browser = await launch(chromium);
  try {
    await measure(browser, server.url);
  } finally {
    await browser.close();
    await server.program.kill('SIGTERM');
    folder.remove();
  }
}

async function measure(browser: Browser, url: string): Promise<void> {
  const everybody = await people({ url }, 'ada', 'ben', 'cleo', 'dora', 'emil');
  const { ada, ...others } = everybody;
  const talkers = Object.values<Person>(others);
  const id = await groupOf(ada, ...talkers);
  const page = await openPage(browser, url, ada);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  const talking = talk(url, id, talkers);
  const typed = await typeUntil(page, talking);
  await sees(page, `${MESSAGES - 1} of a great many`);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  if ((await composer(page).inputValue()) !== typed) throw new Error('What was typed is not what is shown');
  report(tasksOfPage(traceEvents).durations, typed.length);
}

async function openPage(browser: Browser, url: string, { username, password }: Person): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${url}/login`);
  await logIn(page, { username, password });
  await openConversation(page, 'Tea');
  return page;
}

/** Sends evenly, so many a second. Resolves when all is sent. */
async function talk(url: string, id: string, talkers: readonly Person[]): Promise<void> {
  const clients = await Promise.all(
    talkers.map(async ({ username, password }) => {
      const client = new ParleyClient({ url });
      await client.login({ username, password });
      return client;
    }),
  );
  const begun = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    const due = begun + (sent * WITHIN_MS) / MESSAGES;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    clients[sent % clients.length]
      ?.conversation(id)
      .send(`${sent} of a great many: **hello** from https://example.com`);
  }
  await Promise.all(clients.map((client) => whenSent(client, id)));
  for (const client of clients) client.close();
}

function whenSent(client: ParleyClient, id: string): Promise<void> {
  const { timeline } = client.conversation(id);
  return new Promise((resolve) => {
    const stop = timeline.subscribe(check);
    function check(): void {
      if (timeline.getSnapshot().messages.some(({ status }) => status === 'pending')) return;
      stop();
      resolve();
    }
    check();
  });
}

async function typeUntil(page: Page, end: Promise<void>): Promise<string> {
  const over = new AbortController();
  const ending = end.finally(() => over.abort());
  let typed = '';
  await composer(page).focus();
  while (!over.signal.aborted) {
    const character = TEXT.charAt(typed.length % TEXT.length);
    await page.keyboard.type(character, { delay: 20 });
    typed += character;
  }
  await ending;
  return typed;
}

function report(durations: readonly number[], typed: number): void {
  const longest = durations[0] ?? 0;
  const over = (ms: number): number => durations.filter((duration) => duration > ms).length;
  const lines = [
    `${MESSAGES} messages in ${WITHIN_MS / 1_000} s, ${typed} characters typed meanwhile`,
    `${durations.length} tasks of the page; the longest ${longest.toFixed(0)} ms`,
    `over 50 ms: ${over(50)}; over ${TASK_MAX_MS} ms: ${over(TASK_MAX_MS)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (durations.length === 0) throw new Error('The trace has no tasks: nothing was measured');
  if (longest > TASK_MAX_MS) process.exitCode = 1;
}

await main();
