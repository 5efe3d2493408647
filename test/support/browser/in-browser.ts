import type { Browser } from 'playwright-core';
import { findChromium } from './chromium.js';
import { launch } from './launch.js';
import { Stage } from './stage.js';

const chromium = findChromium();

/**
 * A block of tests in a real browser: one for the file, with a window of its own for each person. Where no
 * browser can run the tests are skipped, loudly; on CI they fail.
 */
export function inBrowser(name: string, tests: (stage: Stage) => void): void {
  if ('missing' in chromium) {
    const words = `A browser is missing: ${chromium.missing}`;
    if (process.env['CI'] === 'true') {
      it(`${name} (in a browser)`, () => {
        throw new Error(words);
      });
      return;
    }
    process.stderr.write(`\n!!! SKIPPED "${name}". ${words}\n\n`);
  }
  const block = 'missing' in chromium ? describe.skip : describe;
  block(name, () => {
    const stage = new Stage();
    let browser: Browser | null = null;
    beforeAll(async () => {
      if (!('missing' in chromium)) browser = await launch(chromium);
      if (browser !== null) stage.open(browser);
    });
    afterEach(() => stage.clear());
    afterAll(async () => {
      await browser?.close();
    });
    tests(stage);
  });
}
