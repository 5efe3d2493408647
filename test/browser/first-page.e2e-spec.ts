import { readdirSync, readFileSync } from 'node:fs';
import { startApp, type RunningApp } from '../support/start-app.js';

const FOLDER = new URL('../../apps/server/public/', import.meta.url);

describe('the first page', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });

  afterAll(() => server.close());

  it('is what a browser gets at /', async () => {
    const answer = await fetch(`${server.url}/`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toBe(readFileSync(new URL('index.html', FOLDER), 'utf8'));
  });

  it('refers only to files of this server, which are there', async () => {
    const page = await (await fetch(`${server.url}/`)).text();
    const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references).toEqual(
      expect.arrayContaining(['/style.css', '/app.js', '/socket.io/socket.io.min.js', '/docs']),
    );
    for (const reference of references) {
      expect(reference).toMatch(/^\/[^/]/);
      expect((await fetch(`${server.url}${reference}`)).status).toBe(200);
    }
  });

  it('runs under a policy that allows nothing inline and nothing foreign', async () => {
    const answer = await fetch(`${server.url}/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const page = await answer.text();
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect([...page.matchAll(/<script([^>]*)>/g)].every(([, attributes]) => attributes?.includes('src='))).toBe(true);
  });

  it('shows what people wrote as text only', () => {
    const scripts = readdirSync(FOLDER).filter((file) => file.endsWith('.js'));
    const code = scripts.map((file) => readFileSync(new URL(file, FOLDER), 'utf8')).join('\n');
    expect(code).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
  });

  it.each(readdirSync(FOLDER))('has a browser ask again for %s, and tells it when nothing changed', async (file) => {
    const answer = await fetch(`${server.url}/${file}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await fetch(`${server.url}/${file}`, { headers })).status).toBe(304);
  });

  it('labels every field', async () => {
    const page = await (await fetch(`${server.url}/`)).text();
    const ids = [...page.matchAll(/<(?:input|textarea)[^>]*\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(page).toContain(`for="${id}"`);
  });
});
