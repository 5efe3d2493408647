import { eventually } from '../support/eventually.js';
import { logIn, openConversation, register, send, sees } from '../support/browser/chat.js';
import { inBrowser } from '../support/browser/in-browser.js';
import { directOf } from '../support/groups.js';
import { people } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';

inBrowser('being logged in, in the web client', (stage) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('outlasts a reload, with nothing secret in the reach of scripts', async () => {
    const { ada } = await people(app, 'ada');
    const page = await stage.as(ada, app.url);
    const [cookie] = await page.context().cookies(`${app.url}/v1/auth/refresh`);
    expect(cookie).toMatchObject({ name: 'parley_refresh', httpOnly: true, sameSite: 'Strict', path: '/v1/auth' });
    const reach = await page.evaluate<string>(
      'document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(reach).toContain(ada.id);
    expect(reach).not.toContain(cookie?.value.split('.')[1]);
    expect(reach).not.toMatch(/eyJ|refreshToken|accessToken/);

    await page.reload();
    await page.getByRole('button', { name: 'Account' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    const [next] = await page.context().cookies(`${app.url}/v1/auth/refresh`);
    expect(next?.value).not.toBe(cookie?.value);
  });

  it('ends everywhere in the browser when one logs out, and lets another person in', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    await directOf(ada, ben);
    const page = await stage.as(ada, app.url);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await eventually(async () => expect(await page.context().cookies(`${app.url}/v1/auth/refresh`)).toEqual([]));
    await page.goto(`${app.url}/settings`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await logIn(page, ben);
    await openConversation(page, 'ada');
    await send(page, 'It is me, Ben');
    await sees(page, 'It is me, Ben');
  });

  it('ends at once in a window whose session is revoked in another, and begins where one was', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const id = await directOf(ada, ben);
    const [phone, laptop] = [await stage.as(ada, app.url), await stage.as(ada, app.url)];
    await phone.goto(`${app.url}/c/${id}`);
    await phone.getByRole('heading', { level: 1, name: 'ben' }).waitFor();
    await laptop.goto(`${app.url}/settings/security`);
    await laptop.getByRole('button', { name: /^Log out Chrome/ }).click();

    await phone.getByRole('heading', { name: 'Log in' }).waitFor();
    await phone
      .getByRole('status')
      .filter({ hasText: /session/i })
      .waitFor();
    await logIn(phone, ada);
    await phone.getByRole('heading', { level: 1, name: 'ben' }).waitFor();
    expect(new URL(phone.url()).pathname).toBe(`/c/${id}`);
    await laptop.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  it('works in several tabs of one browser', async () => {
    const { ada, ben } = await people(app, 'ada', 'ben');
    const id = await directOf(ada, ben);
    const first = await stage.as(ada, app.url);
    const others = await Promise.all([1, 2, 3].map(() => first.context().newPage()));
    await Promise.all(others.map((tab) => tab.goto(`${app.url}/c/${id}`)));
    for (const [index, tab] of others.entries()) {
      await send(tab, `from tab ${index}`);
      for (const other of others) await sees(other, `from tab ${index}`);
    }
    await Promise.all(others.map((tab) => tab.reload()));
    for (const tab of others) await sees(tab, 'from tab 2');
  });

  it('says what is wrong with a name or a password, beside it or above', async () => {
    const { ada } = await people(app, 'ada');
    const page = await stage.visit(`${app.url}/login`);
    await page.getByRole('textbox', { name: 'Username' }).fill(ada.username);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Create account' }).waitFor();
    await page.getByRole('textbox', { name: 'Username' }).fill(ada.username);
    await page.getByRole('textbox', { name: 'Display name' }).fill('Ada');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText(/taken/i).waitFor();
    await register(page, { username: `${ada.username}2`, displayName: 'Ada', password: 'correct horse battery' });
  });
});
