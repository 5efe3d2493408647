import { problemOf, startProbe, type ProbeApp } from '../../../../test/support/probe-app.js';
import { RATE_LIMITS } from '../common/rate-limits.js';
import { DrainService } from '../health/drain.service.js';

describe('how the HTTP edge protects', () => {
  let probe: ProbeApp;

  beforeAll(async () => {
    probe = await startProbe();
  });

  afterAll(() => probe.close());

  describe('headers', () => {
    it('protects every answer and tells nothing about the framework', async () => {
      const { headers } = await fetch(`${probe.url}/v1/nowhere`);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      const { host } = new URL(probe.url);
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'self';connect-src 'self' ws://${host} wss://${host};img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'`,
      );
    });

    it('takes a sane request id and replaces any other', async () => {
      const idFor = async (id: string): Promise<string | null> =>
        (await fetch(`${probe.url}/health`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
      expect(await idFor('trace-0123:abc')).toBe('trace-0123:abc');
      expect(await idFor('short')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await idFor('with spaces in it')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await idFor('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('origins', () => {
    it('lets its own page, a listed page and programs in', async () => {
      for (const headers of [{ origin: probe.url }, { origin: 'https://chat.example.com' }, {}] as Record<
        string,
        string
      >[]) {
        expect((await fetch(`${probe.url}/health`, { headers })).status).toBe(200);
      }
    });

    it.each([
      'https://evil.example.com',
      'null',
      'https://chat.example.com.evil.com',
      'http://chat.example.com',
      'https://chat.example.com:444',
      'file://',
    ])('refuses pages of %s, without being asked first', async (origin) => {
      const answer = await probe.post('{"text":"a"}', { origin, 'content-type': 'application/json' });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await problemOf(answer)).toMatchObject({ status: 403, code: 'origin_forbidden' });
    });

    it('tells a listed page what it may send and read', async () => {
      const preflight = await fetch(`${probe.url}/v1/probe`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://chat.example.com',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('https://chat.example.com');
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
      expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
    });
  });

  it('writes one line for each request, with its route and without its query', async () => {
    await fetch(`${probe.url}/v1/probe/refused?query=a+private+search`, {
      headers: { authorization: 'Bearer a.private.token' },
    });
    const line =
      probe
        .log()
        .split('\n')
        .find((entry) => entry.includes('"/v1/probe/refused"')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      context: 'Http',
      method: 'GET',
      route: '/v1/probe/refused',
      status: 503,
      ms: expect.any(Number),
      requestId: expect.any(String),
    });
    expect(probe.log()).not.toContain('private');
  });

  it('limits who writes without a token by address', async () => {
    const answers = await Promise.all(
      Array.from({ length: RATE_LIMITS.write.points + 1 }, () => probe.post('{"text":"a"}')),
    );
    const refused = answers.find((answer) => answer.status === 429);
    if (refused === undefined) throw new Error('nobody was refused');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await problemOf(refused)).toMatchObject({ code: 'rate_limited', retryable: true });
    expect((await fetch(`${probe.url}/v1/probe/refused`)).status).toBe(503);
  });

  it('sends clients elsewhere while it drains', async () => {
    expect((await fetch(`${probe.url}/health/ready`)).status).toBe(200);
    await probe.app.get(DrainService).drain();
    const ready = await fetch(`${probe.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toEqual({ status: 'draining' });
    expect(await (await fetch(`${probe.url}/health`)).json()).toEqual({ status: 'ok' });
  });
});
