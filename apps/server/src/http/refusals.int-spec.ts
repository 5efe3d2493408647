import { problemOf, startProbe, type ProbeApp } from '../../../../test/support/probe-app.js';

describe('what the HTTP edge refuses', () => {
  let probe: ProbeApp;

  beforeAll(async () => {
    probe = await startProbe();
  });

  afterAll(() => probe.close());

  describe('refusals', () => {
    it('sends a refusal as a problem, with the seconds to wait rounded up', async () => {
      const answer = await fetch(`${probe.url}/v1/probe/refused`);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(await problemOf(answer)).toMatchObject({
        status: 503,
        code: 'server_busy',
        detail: 'Come back',
        retryable: true,
        retryInMs: 1_200,
      });
    });

    it('answers a bug without telling what it was, and logs it under the request id', async () => {
      const answer = await fetch(`${probe.url}/v1/probe/bug`);
      const text = await answer.clone().text();
      const problem = await problemOf(answer);
      expect(problem).toMatchObject({ status: 500, code: 'internal_error', retryable: false });
      expect(text).not.toContain('secret');
      const line =
        probe
          .log()
          .split('\n')
          .find((entry) => entry.includes('a secret of the server')) ?? '';
      expect(JSON.parse(line)).toMatchObject({
        level: 'error',
        requestId: problem.requestId,
        err: { type: 'TypeError', stack: expect.stringContaining('fail') },
      });
    });

    it('keeps the values of a failed query out of answer and log', async () => {
      const answer = await fetch(`${probe.url}/v1/probe/query`);
      expect(await problemOf(answer)).toMatchObject({ code: 'internal_error' });
      expect(probe.log()).toContain('nowhere');
      expect(probe.log()).not.toContain('a private text');
    });

    it('says that the database is away when its connection breaks', async () => {
      const answer = await fetch(`${probe.url}/v1/probe/cut-off`);
      expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'service_unavailable', retryable: true });
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(probe.log()).toMatch(/The database cannot be reached \(request [\w-]+\): terminating connection/);
    });

    it('takes a 5xx of the framework for a bug of ours', async () => {
      expect(await problemOf(await fetch(`${probe.url}/v1/probe/framework`))).toMatchObject({ code: 'internal_error' });
    });

    it.each([
      ['GET', '/v1/nowhere'],
      ['DELETE', '/v1/probe'],
      ['GET', '/v1'],
      ['GET', '/nowhere'],
      ['POST', '/health'],
      ['POST', '/'],
      ['PUT', '/index.html'],
      ['GET', '/../package.json'],
      ['GET', '/%2e%2e/package.json'],
      ['GET', '/health/nowhere'],
    ])('knows no route %s %s', async (method, path) => {
      expect(await problemOf(await fetch(`${probe.url}${path}`, { method }))).toMatchObject({
        status: 404,
        code: 'route_not_found',
      });
    });

    it.each(['/v1/%FF', '/%FF', '/docs/%FF', '/v1/probe?x=%FF%00'])('survives the path %s', async (path) => {
      const problem = await problemOf(await fetch(`${probe.url}${path}`));
      expect([400, 404]).toContain(problem.status);
    });
  });

  describe('bodies', () => {
    it('takes JSON', async () => {
      const answer = await probe.post('{"text":"Grüße 👋"}', { 'content-type': 'application/json; charset=utf-8' });
      expect(answer.status).toBe(201);
      expect(await answer.json()).toEqual({ text: 'Grüße 👋' });
    });

    it.each([
      ['cut short', '{"text":"a"'],
      ['not JSON', 'text=a'],
      ['a bare string', '"text"'],
      ['a number', '1'],
      ['null', 'null'],
      ['NaN', '{"text":NaN}'],
      ['a bare NUL', '{"text":"\u0000"}'],
    ])('cannot read %s', async (_what, body) => {
      expect(await problemOf(await probe.post(body))).toMatchObject({ status: 400, code: 'request_malformed' });
    });

    it('does not quote what it could not read', async () => {
      const answer = await probe.post('{"password":"hunter2 hunter2');
      expect(await answer.text()).not.toContain('hunter2');
      expect(probe.log()).not.toContain('hunter2');
    });

    it('refuses bytes that are not UTF-8 instead of storing something else', async () => {
      const body = new Uint8Array(
        Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      );
      expect(await problemOf(await probe.post(body))).toMatchObject({
        status: 400,
        code: 'request_malformed',
        detail: 'The body is not UTF-8',
      });
    });

    it.each([
      ['a form', 'text=a', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['plain text', '{"text":"a"}', { 'content-type': 'text/plain' }],
      ['no type', '{"text":"a"}', { 'content-type': '' }],
      ['another JSON', '{"text":"a"}', { 'content-type': 'application/ld+json' }],
      ['another charset', '{"text":"a"}', { 'content-type': 'application/json; charset=latin1' }],
      ['an unknown charset', '{"text":"a"}', { 'content-type': 'application/json; charset=utf-9' }],
      ['a compressed body', 'x', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ])('does not support %s', async (_what, body, headers) => {
      expect(await problemOf(await probe.post(body, headers))).toMatchObject({
        status: 415,
        code: 'media_type_unsupported',
      });
    });

    it('refuses more than 64 KB', async () => {
      const answer = await probe.post(JSON.stringify({ text: 'a'.repeat(65 * 1024) }));
      expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'payload_too_large' });
    });

    it.each([
      ['an unknown field', '{"text":"a","admin":true}', 'admin'],
      ['__proto__', '{"text":"a","__proto__":{"admin":true}}', '__proto__'],
      ['an escaped __proto__', '{"text":"a","\\u005f_proto__":{}}', '__proto__'],
      ['constructor', '{"text":"a","constructor":{"prototype":{}}}', 'constructor'],
      ['a wrong type', '{"text":{"a":1}}', 'text'],
      ['a list for a text', '{"text":["a"]}', 'text'],
      ['an escaped NUL', '{"text":"\\u0000"}', 'text'],
      ['half a surrogate pair', '{"text":"\\ud800"}', 'text'],
      ['a long text', '{"text":"aaaaaaaaaaaaa"}', 'text'],
      ['a list', '[1]', ''],
      ['nothing', '', 'text'],
      ['deep nesting', `{"text":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ''],
    ])('names the field when it gets %s', async (_what, body, path) => {
      const problem = await problemOf(await probe.post(body));
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(problem.errors?.map((error) => error.path)).toContain(path);
    });

    it('does not list thousands of unknown fields', async () => {
      const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 0]));
      const problem = await problemOf(await probe.post(JSON.stringify(fields)));
      expect(problem.errors?.length).toBeLessThanOrEqual(20);
    });

    it('leaves prototypes alone', async () => {
      await probe.post('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
      expect('polluted' in {}).toBe(false);
    });
  });
});
