import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findRunning } from '../../apps/server/src/database/embedded/embedded-postgres.js';
import { logIn, openConversation } from '../support/browser/chat.js';
import { findChromium } from '../support/browser/chromium.js';
import { launch } from '../support/browser/launch.js';
import { startServer } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NOW } from './story.js';
import { PASSWORD, registerAll, setTimes, tellAll, type Clients } from './tell.js';

/** `npm run screenshots`: takes the pictures of the documents, of a server that lives as long as it takes. */
const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
/** Emoji look the same wherever the pictures are taken, also where there is no font for them. */
const EMOJI = createRequire(import.meta.url).resolve(
  '@fontsource/noto-color-emoji/files/noto-color-emoji-emoji-400-normal.woff2',
);
/** Builds what is not built from today's sources. JavaScript without types, and so not imported by its name. */
const PREPARE = new URL('../../scripts/lib/prepare.mjs', import.meta.url).href;

const WIDE: BrowserContextOptions = { viewport: { width: 1200, height: 760 }, deviceScaleFactor: 2 };
const NARROW: BrowserContextOptions = {
  viewport: { width: 360, height: 720 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

async function main(): Promise<void> {
  const { prepare } = (await import(PREPARE)) as { prepare: () => Promise<void> };
  await prepare();
  const chromium = findChromium();
  if ('missing' in chromium) throw new Error(`A browser is missing: ${chromium.missing}`);
  const folder = temporaryFolder();
  const server = await startServer({ dataDir: folder.path });
  const browser = await launch(chromium);
  try {
    const clients = await registerAll(server.url);
    const ids = await tellAll(clients);
    await setTimes(await findRunning(folder.path), ids);
    await takeAll(browser, server.url, clients, ids[0] ?? '');
    for (const client of Object.values(clients)) client.close();
  } finally {
    await browser.close();
    await server.program.kill('SIGTERM');
    folder.remove();
  }
}

async function takeAll(browser: Browser, url: string, clients: Clients, id: string): Promise<void> {
  // Their devices are elsewhere.
  clients.ada.close();
  clients.hedy.setAway(true);
  clients.alan.close();
  const shots = [
    { name: 'web-light', colorScheme: 'light', options: WIDE },
    { name: 'web-dark', colorScheme: 'dark', options: WIDE },
    { name: 'web-narrow', colorScheme: 'light', options: NARROW },
  ] as const;
  for (const { name, colorScheme, options } of shots) {
    const page = await open(browser, url, { ...options, colorScheme });
    await openConversation(page, 'Analytical Engine');
    await page.getByText('punched by Friday').last().waitFor();
    const typing = keepTyping(clients, id);
    await page.getByTestId('typing').getByText('Katherine').waitFor();
    await settle(page);
    const path = join(IMAGES, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    clearInterval(typing);
    clients.katherine.conversation(id).stopTyping();
    process.stdout.write(`Taken: ${path}\n`);
    await page.context().close();
  }
}

/** Ada's window, on the day of the story. */
async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  await context.route('**/emoji.woff2', (route) => route.fulfill({ path: EMOJI, contentType: 'font/woff2' }));
  // Under the name that the page asks for last, and before it has looked for it.
  await context.addInitScript(`
    const emoji = new FontFace('Segoe UI Emoji', 'url(/emoji.woff2)');
    document.fonts.add(emoji);
    void emoji.load();
  `);
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.goto(`${url}/login`);
  await logIn(page, { username: 'ada', password: PASSWORD });
  return page;
}

function keepTyping(clients: Clients, id: string): NodeJS.Timeout {
  const type = (): void => clients.katherine.conversation(id).startTyping();
  type();
  return setInterval(type, 1_000);
}

/** Waits until fonts are there and nothing moves any more. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))))',
  );
}

await main();
