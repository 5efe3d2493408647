import type { Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.js';

/** What people do in the web client, by the names that people, and screen readers, know things by. */

export interface Account {
  username: string;
  password: string;
  displayName: string;
}

export async function register(page: Page, { username, displayName, password }: Account): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Display name' }).fill(displayName);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await isLoggedIn(page);
}

export async function logIn(page: Page, { username, password }: Omit<Account, 'displayName'>): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await isLoggedIn(page);
}

async function isLoggedIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account' }).waitFor();
}

/** Finds somebody by the beginning of their name, and opens the direct conversation with them. */
export async function talkTo(page: Page, displayName: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByRole('textbox', { name: 'Search people' }).fill(displayName);
  await dialog.getByRole('list', { name: 'People' }).getByRole('button', { name: displayName }).click();
  await page.getByRole('heading', { level: 1, name: displayName }).waitFor();
}

/** The line of a conversation in the list. */
export function lineOf(page: Page, title: string): Locator {
  const name = new RegExp(`^${title}`);
  return page.getByRole('list', { name: 'Conversations' }).getByRole('link', { name });
}

export async function openConversation(page: Page, title: string): Promise<void> {
  await lineOf(page, title).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The messages with this text. */
export function messages(page: Page, text: string | RegExp): Locator {
  return page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text });
}

/** Waits until a message with this text is there as this one sees it: sent, unless it is said otherwise. */
export async function sees(page: Page, text: string, status: 'sent' | 'pending' | 'failed' = 'sent'): Promise<Locator> {
  const message = messages(page, text).and(page.locator(`[data-status="${status}"]`));
  await message.first().waitFor();
  return message.first();
}

/** Waits until so many of these are there. */
export async function count(locator: Locator, wanted: number): Promise<void> {
  await eventually(async () => expect(await locator.count()).toBe(wanted));
}

/** Waits until it reads like this. */
export async function reads(locator: Locator, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    const read = (await locator.innerText()).trim();
    if (typeof text === 'string') expect(read).toBe(text);
    else expect(read).toMatch(text);
  });
}

/** Does something to a message that is offered when one points at it. */
export async function act(
  page: Page,
  message: Locator,
  action: 'Add reaction' | 'Reply' | 'More actions',
): Promise<void> {
  await message.hover();
  await message.getByRole('button', { name: action, exact: true }).click();
}

export async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('menuitem', { name: item }).click();
}

/** The texts of the messages that are in sight, in their order. */
export async function textsOf(page: Page): Promise<string[]> {
  const bodies = await messages(page, /./).locator('div[dir="auto"]').allInnerTexts();
  return bodies.map((text) => text.trim());
}

/** From now on the page runs as on a device that is so many times slower. */
export async function slowDown(page: Page, times: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: times });
}
