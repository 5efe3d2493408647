import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { act, composer, messages, openConversation, sees } from '../support/browser/chat.js';
import { inBrowser } from '../support/browser/in-browser.js';
import { eventually } from '../support/eventually.js';
import { directOf, groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';
import { write } from '../support/writing.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = { width: 360, height: 640 };

inBrowser('people who see, hear or move differently', (stage) => {
  let app: RunningApp;
  let ada: Person, ben: Person;
  let direct: string, tea: string;

  beforeAll(async () => {
    app = await startApp();
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    direct = await directOf(ada, ben);
    tea = await groupOf(ada, ben);
    await write(
      ada,
      tea,
      'Hello **everybody**, see https://example.com',
      '> quoted\n\n- one\n- two',
      '`code` and ~~not~~',
      '👋',
    );
    const [seq] = await write(ben, tea, 'I will bring the cake');
    await ada.rest.put(`/conversations/${tea}/messages/${seq}/reactions/${encodeURIComponent('🍰')}`);
    await ben.rest.put(`/conversations/${tea}/messages/${seq}/reactions/${encodeURIComponent('👍')}`);
    const [edited] = await write(ben, tea, 'Or two');
    await ben.rest.patch(`/conversations/${tea}/messages/${edited}`, { body: 'Or three, @all' });
    const [gone] = await write(ada, tea, 'gone');
    await ada.rest.delete(`/conversations/${tea}/messages/${gone}`);
    await write(ben, direct, 'Hello, Ada', 'Are you there?');
  });
  afterAll(() => app.close());

  it.each(['login', 'register'])('find nothing in their way on the page to %s', async (place) => {
    const page = await stage.visit(`${app.url}/${place}`);
    await page.getByRole('textbox', { name: 'Username' }).waitFor();
    await isAccessible(page);
    await page.getByRole('textbox', { name: 'Username' }).fill(ada.username);
    await page.getByLabel('Password', { exact: true }).fill('not a password at all');
    await page.keyboard.press('Enter');
    await page.locator('[role="alert"], [aria-invalid="true"]').first().waitFor();
    await isAccessible(page);
  });

  it('find nothing in their way where people talk', async () => {
    const page = await stage.as(ada, app.url);
    await page.getByRole('heading').first().waitFor();
    await isAccessible(page);
    await openConversation(page, 'Tea');
    const message = await sees(page, 'I will bring the cake');
    await isAccessible(page);
    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).waitFor();
    await isAccessible(page);
    await act(page, message, 'Reply');
    await page.getByText('Replying to').waitFor();
    await isAccessible(page);
    await composer(page).pressSequentially('@be');
    await page.getByRole('listbox', { name: 'Mention' }).waitFor();
    await isAccessible(page);
  });

  it('find nothing in their way in menus and dialogs', async () => {
    const page = await stage.as(ada, app.url);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).waitFor();
    await isAccessible(page);
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await isAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New conversation' }).click();
    const dialog = page.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByText('Group', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Search people' }).fill('b');
    await dialog.getByRole('checkbox', { name: 'ben' }).waitFor();
    await isAccessible(page);
    await page.keyboard.press('Escape');
    await openConversation(page, 'Tea');
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('list', { name: 'Members' }).waitFor();
    await isAccessible(page);
    await page.goto(`${app.url}/c/${tea}`);
    await act(page, messages(page, 'I will bring the cake').first(), 'Add reaction');
    await page.getByRole('dialog', { name: 'Pick an emoji' }).waitFor();
    await isAccessible(page);
  });

  it.each(['profile', 'appearance', 'security'])('find nothing in their way in the settings: %s', async (place) => {
    const page = await stage.as(ada, app.url);
    await page.goto(`${app.url}/settings/${place}`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    if (place === 'security') await page.getByRole('list', { name: 'Sessions' }).waitFor();
    await isAccessible(page);
  });

  it('find nothing in their way on a narrow screen', async () => {
    const page = await stage.as(ada, app.url, { viewport: NARROW });
    await isAccessible(page);
    await openConversation(page, 'ben');
    await sees(page, 'Are you there?');
    await isAccessible(page);
  });

  it('hear of a message that comes', async () => {
    const page = await stage.as(ada, app.url);
    await openConversation(page, 'ben');
    await sees(page, 'Are you there?');
    await write(ben, direct, 'Anybody?');
    await page
      .getByTestId('announcer')
      .getByText(/ben.*Anybody\?/)
      .waitFor({ state: 'attached' });
  });

  /** Looks for what is seriously in somebody's way, in both themes. */
  async function isAccessible(page: Page): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor({ state: 'attached' });
      // Colours fade into each other for a moment.
      await eventually(
        async () => expect({ theme, serious: await listSerious(page) }).toEqual({ theme, serious: [] }),
        4_000,
      );
    }
  }

  async function listSerious(page: Page): Promise<string[]> {
    // Put in by the browser's own tools, which the policy of the page does not bind.
    if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>(
      `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  }
});
