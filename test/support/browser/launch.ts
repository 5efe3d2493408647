import { chromium as playwright, type Browser } from 'playwright-core';
import type { Chromium } from './chromium.js';

/** Starts the browser, without a window yet. It opens pages of ours only, and root may not have a sandbox. */
export async function launch({ path, env }: Chromium): Promise<Browser> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return playwright.launch({
    executablePath: path,
    env: { ...Object.fromEntries(inherited), ...env },
    chromiumSandbox: false,
    args: ['--force-color-profile=srgb', '--font-render-hinting=none'],
  });
}
