import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { Problem } from '@parley/contracts';
import { startApp, type RunningApp } from '../support/start-app.js';

const DIST = new URL('../../apps/web/dist/', import.meta.url);
const INDEX = readFileSync(new URL('index.html', DIST), 'utf8');
const ASSETS = readdirSync(new URL('assets/', DIST)).filter((name) => !/\.(br|gz)$/.test(name));

const TO_VISIT = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

describe('how the web client is served', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });

  afterAll(() => server.close());

  /** As it comes over the wire: `fetch` would decompress it. */
  async function get(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${server.url}${path}`, { method, headers }, resolve).on('error', reject).end();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return {
      status: message.statusCode ?? 0,
      headers: message.headers as Record<string, string | undefined>,
      body: Buffer.concat(chunks),
    };
  }

  it.each(['/', '/login', '/c/0192f0c0-11aa-7d10-8c55-6f1e2d3c4b5a/m/12', '/settings/profile', '/socket', '/v10'])(
    'answers a visit to %s with the page',
    async (path) => {
      const answer = await get(path, TO_VISIT);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.body.toString()).toBe(INDEX);
    },
  );

  it.each([
    ['a visit to an unknown route of the API', '/v1/nowhere', TO_VISIT],
    ['a visit to an unknown probe', '/health/nowhere', TO_VISIT],
    ['a visit to metrics that are not served here', '/metrics', TO_VISIT],
    ['a part of the page that is not there', '/assets/index-00000000.js', {}],
    ['a visit to one', '/assets/index-00000000.js', TO_VISIT],
    ['a visit to a file that is not there', '/robots.txt', TO_VISIT],
    ['a program that looks around', '/admin', { accept: '*/*' }],
    ['what the build notes down for itself', '/.parley-build', {}],
    ['a way out of the folder', '/assets/..%2f..%2fpackage.json', {}],
  ])('does not answer %s with the page', async (_, path, headers) => {
    const answer = await get(path, headers);
    expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
      status: 404,
      type: 'application/problem+json; charset=utf-8',
    });
    expect((JSON.parse(answer.body.toString()) as Problem).code).toBe('route_not_found');
  });

  it('answers what asks for more than to read as any unknown route', async () => {
    expect((await get('/', TO_VISIT, 'POST')).status).toBe(404);
    expect(await get('/', TO_VISIT, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  it('refers only to files of this server, which are there', async () => {
    const references = [...INDEX.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(2);
    for (const reference of references) {
      expect(reference).toMatch(/^\/[^/]/);
      expect((await get(reference)).status).toBe(200);
    }
  });

  it('needs less than 250 KB of scripts to begin with', () => {
    const scripts = [...INDEX.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path ?? '');
    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.map((path) => gzipSync(readFileSync(new URL(path, DIST)), { level: 9 }).length);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(250_000);
  });

  it('lets a browser keep for a year what has another name when it changes', async () => {
    expect(ASSETS.length).toBeGreaterThan(0);
    for (const name of ASSETS) {
      expect(name).toMatch(/-[\w-]{8}\.\w+$/);
      const { headers } = await get(`/assets/${name}`);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it.each(['/', '/favicon.svg', '/theme.js'])(
    'has a browser ask again for %s, and says when nothing changed',
    async (path) => {
      const { headers } = await get(path);
      expect(headers['cache-control']).toBe('no-cache');
      const again = await get(path, { 'if-none-match': headers['etag'] });
      expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    },
  );

  it.each([
    ['br, gzip;q=0.8', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['identity', undefined, (body: Buffer) => body],
    ['br;q=0', undefined, (body: Buffer) => body],
  ])('sends what was compressed beforehand to who takes %s', async (accepted, encoding, decompress) => {
    const name = ASSETS.find((asset) => asset.endsWith('.js')) ?? '';
    for (const [path, type] of [
      [`assets/${name}`, 'text/javascript; charset=utf-8'],
      ['index.html', 'text/html; charset=utf-8'],
    ]) {
      const { status, headers, body } = await get(`/${path}`, { 'accept-encoding': accepted });
      expect({ status, encoding: headers['content-encoding'], type: headers['content-type'] }).toEqual({
        status: 200,
        encoding,
        type,
      });
      expect(headers['vary']).toContain('Accept-Encoding');
      expect(decompress(body).equals(readFileSync(new URL(path!, DIST)))).toBe(true);
    }
  });

  it('runs under a policy that allows nothing inline and nothing foreign', async () => {
    const policy = (await get('/', TO_VISIT)).headers['content-security-policy'] ?? '';
    const { host } = new URL(server.url);
    expect(policy.split(';').sort()).toEqual([
      "base-uri 'none'",
      `connect-src 'self' ws://${host} wss://${host}`,
      "default-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "object-src 'none'",
    ]);
    expect(INDEX).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect([...INDEX.matchAll(/<script([^>]*)>/g)].every(([, attributes]) => attributes?.includes('src='))).toBe(true);
  });
});
