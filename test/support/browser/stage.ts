import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { logIn } from './chat.js';
import type { Person } from '../people.js';

/** How long a page may take for anything; nobody waits so long unless something is broken. */
const WITHIN_MS = 20_000;

/** The browser of one test file. Each window has cookies and a storage of its own, as on another device. */
export class Stage {
  private browser: Browser | null = null;
  private readonly windows: BrowserContext[] = [];
  private readonly troubles: string[] = [];

  open(browser: Browser): void {
    this.browser = browser;
  }

  /** A new window at a place of the web client, where nobody is logged in. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const window = await this.window(options);
    const page = await window.newPage();
    await page.goto(url);
    return page;
  }

  /** A new window in which this person has logged in. */
  async as({ username, password }: Person, url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.visit(`${url}/login`, options);
    await logIn(page, { username, password });
    return page;
  }

  /** Closes all windows. Fails if a page threw, asked, or did what its policy forbids. */
  async clear(): Promise<void> {
    await Promise.all(this.windows.splice(0).map((window) => window.close()));
    expect(this.takeTroubles()).toEqual([]);
  }

  /** What has been reported of the pages so far; it is forgotten here. */
  takeTroubles(): string[] {
    return this.troubles.splice(0);
  }

  private async window(options: BrowserContextOptions): Promise<BrowserContext> {
    if (this.browser === null) throw new Error('There is no browser yet');
    // Who prefers reduced motion sees where things end, and a test waits for nothing else.
    const window = await this.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    this.windows.push(window);
    window.setDefaultTimeout(WITHIN_MS);
    await window.exposeBinding('reportViolation', (_source, words: string) => void this.troubles.push(words));
    await window.addInitScript(() => {
      const page = globalThis as unknown as {
        reportViolation(words: string): void;
        addEventListener(type: string, listener: (event: Record<string, unknown>) => void): void;
      };
      page.addEventListener('securitypolicyviolation', (event) => {
        const { violatedDirective, blockedURI, sample, sourceFile } = event;
        page.reportViolation(
          `The policy forbids: ${JSON.stringify({ violatedDirective, blockedURI, sample, sourceFile })}`,
        );
      });
    });
    window.on('weberror', (error) => this.troubles.push(`The page threw: ${String(error.error().stack)}`));
    window.on('dialog', (dialog) => {
      this.troubles.push(`The page asked: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return window;
  }
}
