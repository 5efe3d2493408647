import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser/in-browser.js';
import {
  act,
  choose,
  composer,
  count,
  lineOf,
  messages,
  openConversation,
  reads,
  register,
  sees,
  send,
  talkTo,
} from '../support/browser/chat.js';
import { eventually } from '../support/eventually.js';
import { directOf, groupOf } from '../support/groups.js';
import { people } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

inBrowser('people in the web client', (stage) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const PASSWORD = 'correct horse battery';

  async function newcomer(username: string, displayName: string): Promise<Page> {
    const page = await stage.visit(`${app.url}/register`);
    await register(page, { username, displayName, password: PASSWORD });
    return page;
  }

  it('register, find each other, and talk', async () => {
    const [ada, ben] = await Promise.all([newcomer('ada.l', 'Ada Lovelace'), newcomer('ben.f', 'Ben Franklin')]);
    await talkTo(ada, 'Ben Franklin');
    await send(ada, 'Hello, Ben!');
    await sees(ada, 'Hello, Ben!');

    await openConversation(ben, 'Ada Lovelace');
    await sees(ben, 'Hello, Ben!');
    await send(ben, 'Dear Ada, how are you?');
    await sees(ada, 'Dear Ada, how are you?');
    await count(messages(ada, /./), 2);
    await count(messages(ben, /./), 2);
  });

  it('see that somebody writes, what is new, and that it was read', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const id = await directOf(ada, ben);
    const [adas, bens] = await Promise.all([stage.as(ada, app.url), stage.as(ben, app.url)]);
    await Promise.all([adas.goto(`${app.url}/c/${id}`), bens.goto(`${app.url}/c/${id}`)]);
    await composer(bens).pressSequentially('Good mor');
    await reads(adas.getByTestId('typing'), 'ben is typing…');
    await composer(bens).pressSequentially('ning!');
    await composer(bens).press('Enter');
    await sees(adas, 'Good morning!');
    await reads(adas.getByTestId('typing'), '');
    const own = await sees(bens, 'Good morning!');
    await own.getByRole('img', { name: 'Read' }).waitFor();
  });

  it('see in the list what they have not read, and in the title of the page', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    await directOf(ada, ben);
    const [adas, bens] = await Promise.all([stage.as(ada, app.url), stage.as(ben, app.url)]);
    await openConversation(bens, 'ada');
    await send(bens, 'One');
    await send(bens, 'Two');
    const own = await sees(bens, 'Two');
    await own.getByRole('img', { name: 'Delivered' }).waitFor();
    await lineOf(adas, 'ben').filter({ hasText: '2 unread' }).waitFor();
    await eventually(async () => expect(await adas.title()).toBe('(2) Parley'));
    await openConversation(adas, 'ben');
    await own.getByRole('img', { name: 'Read' }).waitFor();
    await eventually(async () => expect(await adas.title()).toBe('ben · Parley'));
  });

  it('edit and delete what they wrote, and everybody sees it', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const id = await directOf(ada, ben);
    const [adas, bens] = await Promise.all([stage.as(ada, app.url), stage.as(ben, app.url)]);
    await Promise.all([adas.goto(`${app.url}/c/${id}`), bens.goto(`${app.url}/c/${id}`)]);
    await send(adas, 'Helo, Ben');
    await sees(bens, 'Helo, Ben');
    await act(adas, await sees(adas, 'Helo, Ben'), 'More actions');
    await choose(adas, 'Edit');
    await composer(adas).fill('Hello, Ben');
    await adas.getByRole('button', { name: 'Save' }).click();
    for (const page of [adas, bens]) await reads(await sees(page, 'Hello, Ben'), /\(edited\)/);

    await act(adas, await sees(adas, 'Hello, Ben'), 'More actions');
    await choose(adas, 'Delete');
    await adas.getByRole('dialog', { name: 'Delete message?' }).getByRole('button', { name: 'Delete' }).click();
    for (const page of [adas, bens]) {
      await sees(page, 'Message deleted');
      await count(messages(page, 'Hello, Ben'), 0);
    }
  });

  it('react and answer', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const id = await groupOf(ada, ben);
    const [adas, bens] = await Promise.all([stage.as(ada, app.url), stage.as(ben, app.url)]);
    await Promise.all([adas.goto(`${app.url}/c/${id}`), bens.goto(`${app.url}/c/${id}`)]);
    await send(adas, 'Who brings cake?');
    await act(bens, await sees(bens, 'Who brings cake?'), 'Add reaction');
    const picker = bens.getByRole('dialog', { name: 'Pick an emoji' });
    await picker.getByRole('searchbox', { name: 'Search emoji' }).fill('shortcake');
    await picker.getByRole('button', { name: 'shortcake' }).click();
    const reaction = adas.getByRole('button', { name: '🍰 1' });
    await reaction.waitFor();
    await eventually(async () => expect(await reaction.getAttribute('aria-pressed')).toBe('false'));
    await reaction.click();
    await bens.getByRole('button', { name: '🍰 2', pressed: true }).waitFor();

    await act(bens, await sees(bens, 'Who brings cake?'), 'Reply');
    await bens.getByText('Replying to ada').waitFor();
    await send(bens, 'I do');
    const answer = await sees(adas, 'I do');
    await answer.getByRole('link', { name: /^In reply to ada ?: Who brings cake\?$/ }).waitFor();
  });

  it('see who is there', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    await directOf(ada, ben);
    const adas = await stage.as(ada, app.url);
    const line = lineOf(adas, 'ben');
    await line.getByRole('img', { name: 'Offline' }).waitFor();
    await stage.as(ben, app.url);
    await line.getByRole('img', { name: 'Online' }).waitFor();
  });

  it('make a group, mention somebody, and let them go', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const [adas, bens] = await Promise.all([stage.as(ada, app.url), stage.as(ben, app.url)]);
    await adas.getByRole('button', { name: 'New conversation' }).click();
    const dialog = adas.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByText('Group', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Search people' }).fill(ben.username);
    await dialog.getByRole('checkbox', { name: 'ben' }).check();
    await dialog.getByRole('textbox', { name: 'Group name' }).fill('Book club');
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await adas.getByRole('heading', { level: 1, name: 'Book club' }).waitFor();

    await composer(adas).pressSequentially('Welcome, @be');
    await adas.getByRole('listbox', { name: 'Mention' }).getByRole('option', { name: /ben/ }).click();
    await composer(adas).press('Enter');
    await sees(adas, 'Welcome, ');
    await lineOf(bens, 'Book club').filter({ hasText: '1 mention' }).waitFor();

    await openConversation(bens, 'Book club');
    await bens.getByRole('button', { name: 'Details' }).click();
    await bens.getByRole('button', { name: 'Leave group' }).click();
    await bens.getByRole('dialog', { name: 'Leave group?' }).getByRole('button', { name: 'Leave' }).click();
    await count(lineOf(bens, 'Book club'), 0);
  });
});
