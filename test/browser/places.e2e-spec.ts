import type { Locator, Page } from 'playwright-core';
import { composer, count, lineOf, messages, openConversation, sees, send } from '../support/browser/chat.js';
import { inBrowser } from '../support/browser/in-browser.js';
import { eventually } from '../support/eventually.js';
import { directOf, groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { write } from '../support/writing.js';
import { startApp, type RunningApp } from '../support/start-app.js';

inBrowser('finding one’s way in the web client', (stage) => {
  let app: RunningApp;
  let ada: Person, ben: Person;
  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterAll(() => app.close());

  it('leads by a link to a conversation, and by another to a message far back in it', async () => {
    const id = await directOf(ada, ben);
    await write(ada, id, ...Array.from({ length: 250 }, (_, index) => `message number ${index + 1}.`));
    // Whoever follows a link and is not logged in comes there after logging in.
    const page = await stage.visit(`${app.url}/c/${id}/m/20`);
    await page.getByRole('textbox', { name: 'Username' }).fill(ben.username);
    await page.getByLabel('Password', { exact: true }).fill(ben.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await isInView(page, 'message number 20.');
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await isInView(page, 'message number 250.');

    // Where there is something new it would open there.
    await eventually(async () => expect(await page.title()).toBe('ada · Parley'));
    await page.goto(`${app.url}/c/${id}`);
    await isInView(page, 'message number 250.');
    await page.goto(`${app.url}/c/0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a`);
    await page
      .getByRole('main')
      .getByText(/conversation/i)
      .first()
      .waitFor();
    await count(messages(page, /./), 0);
  });

  it('goes back and forward with the buttons of the browser', async () => {
    await directOf(ada, ben);
    await groupOf(ada, ben);
    const page = await stage.as(ada, app.url);
    await openConversation(page, 'ben');
    await openConversation(page, 'Tea');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'ben' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Tea' }).waitFor();
  });

  it('works on a telephone of 360 by 640, one pane at a time, and nothing is wider', async () => {
    await directOf(ada, ben);
    const page = await stage.as(ada, app.url, {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    await fits(page);
    await lineOf(page, 'ben').tap();
    await composer(page).waitFor();
    await eventually(async () => expect(await lineOf(page, 'ben').isVisible()).toBe(false));
    await send(page, `A_very_long_word_${'without_end_'.repeat(20)}`);
    await sees(page, 'A_very_long_word');
    await fits(page);
    await page.getByRole('button', { name: 'Details' }).tap();
    await page.getByRole('dialog', { name: 'Details' }).getByText('Mute').waitFor();
    await fits(page);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Back to conversations' }).tap();
    await lineOf(page, 'ben').waitFor();
    await eventually(async () => expect(await composer(page).isVisible()).toBe(false));
    for (const place of ['profile', 'appearance', 'security']) {
      await page.goto(`${app.url}/settings/${place}`);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await fits(page);
    }
  });

  it('needs no mouse: one registers, finds somebody, writes, answers, edits, reacts and leaves by keys alone', async () => {
    const page = await stage.visit(`${app.url}/register`);
    await page.getByRole('heading', { name: 'Create account' }).waitFor();
    await tabTo(page, page.getByRole('textbox', { name: 'Username' }));
    await page.keyboard.type('cleo-by-keys');
    await tabTo(page, page.getByRole('textbox', { name: 'Display name' }));
    await page.keyboard.type('Cleo');
    await tabTo(page, page.getByLabel('Password', { exact: true }));
    await page.keyboard.type('correct horse battery');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Account' }).waitFor();

    // The keys are listened to a moment after the first paint.
    await eventually(async () => {
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).isVisible()).toBe(true);
    });
    await page.keyboard.press('Escape');
    await count(page.getByRole('dialog'), 0);
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New conversation' }).waitFor();
    await tabTo(page, page.getByRole('textbox', { name: 'Search people' }));
    await page.keyboard.type(ben.username);
    const found = page.getByRole('list', { name: 'People' }).getByRole('button', { name: 'ben' });
    await found.waitFor();
    await tabTo(page, found);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'ben' }).waitFor();

    await eventually(async () => {
      await page.keyboard.press('c');
      expect(await hasFocus(composer(page))).toBe(true);
    });
    await composer(page).fill('');
    await page.keyboard.type('Helo');
    await page.keyboard.press('Enter');
    await sees(page, 'Helo');
    await page.keyboard.press('ArrowUp');
    await page.getByText('Editing message').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('lo, Ben');
    await page.keyboard.press('Enter');
    await sees(page, 'Hello, Ben');

    const message = await sees(page, 'Hello, Ben');
    await message.focus();
    await page.keyboard.press('r');
    await page.getByText('Replying to').waitFor();
    await page.keyboard.type('and to everybody');
    await page.keyboard.press('Enter');
    await sees(page, 'and to everybody');

    await tabTo(page, page.getByRole('button', { name: 'Account' }));
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
    await eventually(async () => {
      await page.keyboard.press('ArrowDown');
      expect(await hasFocus(page.getByRole('menuitem', { name: 'Log out' }))).toBe(true);
    });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  /** Waits until a message is there and can be seen without scrolling. */
  async function isInView(page: Page, text: string): Promise<void> {
    const message = messages(page, text).first();
    await message.waitFor();
    await eventually(async () => {
      const [box, pane] = [
        await message.boundingBox(),
        await page.getByRole('log', { name: 'Messages' }).boundingBox(),
      ];
      if (box === null || pane === null) throw new Error('It is not drawn');
      expect(box.y).toBeGreaterThanOrEqual(pane.y - 1);
      expect(box.y + box.height).toBeLessThanOrEqual(pane.y + pane.height + 1);
    });
  }

  async function fits(page: Page): Promise<void> {
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
  }

  /** Presses Tab until it has the focus; whatever cannot be reached so is no use without a mouse. */
  async function tabTo(page: Page, wanted: Locator): Promise<void> {
    for (let pressed = 0; pressed < 60; pressed += 1) {
      if (await hasFocus(wanted)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${String(wanted)}`);
  }

  function hasFocus(wanted: Locator): Promise<boolean> {
    return wanted.and(wanted.page().locator(':focus')).isVisible();
  }
});
