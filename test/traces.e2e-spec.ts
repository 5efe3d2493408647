import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDatabase, type TestDatabase } from './support/database.js';
import { eventually } from './support/eventually.js';
import { directOf } from './support/groups.js';
import { people, type Person } from './support/people.js';
import { launchServer, placeOf } from './support/server-process.js';
import { Sockets, type TestSocket } from './support/sockets.js';
import { startApp, type RunningApp } from './support/start-app.js';
import { TraceCollector, type CollectedSpan } from './support/trace-collector.js';

describe('the traces of a node', () => {
  let collector: TraceCollector;
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person;
  let ben: Person;
  let socket: TestSocket;
  let conversationId: string;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    app = await startApp({ env: { PARLEY_TRACES_URL: collector.url } });
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    conversationId = await directOf(ada, ben);
    socket = await sockets.connect(ada);
    await sockets.connect(ben);
  });

  afterAll(async () => {
    sockets.closeAll();
    await app.close();
    await collector.close();
  });

  /** The span `append` of the message with this number. */
  async function appendOf(seq: number): Promise<CollectedSpan> {
    return eventually(() => {
      const found = collector.named('append').find(({ attributes }) => attributes['parley.seq'] === seq);
      if (found === undefined) throw new Error(`Nothing was drawn of ${seq}`);
      return found;
    });
  }

  /** The span that this one is part of. */
  async function parentOf(span: CollectedSpan): Promise<CollectedSpan> {
    return eventually(() => {
      const found = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
      if (found === undefined) throw new Error(`What ${span.name} is part of has not come`);
      return found;
    });
  }

  async function childrenOf(parent: CollectedSpan, ...names: string[]): Promise<CollectedSpan[]> {
    return eventually(() => {
      const children = collector.childrenOf(parent);
      expect(children.map(({ name }) => name).sort()).toEqual([...names].sort());
      return names.map((name) => children.find((child) => child.name === name)!);
    });
  }

  it('show a send from its command through its batch and its commit to its delivery', async () => {
    const { seq } = await socket.say(conversationId, 'Hello, Ben!');
    const append = await appendOf(seq);
    const command = await parentOf(append);
    expect(command).toMatchObject({ name: 'command message:send', attributes: { 'parley.outcome': 'ok' } });
    expect(command.parentSpanId).toBeUndefined();

    const [, batch, deliver] = await childrenOf(append, 'queue', 'append batch', 'deliver');
    expect(batch!.attributes).toMatchObject({ 'parley.messages': 1 });
    expect(deliver!.attributes).toMatchObject({ 'parley.facts': 1, 'parley.sockets': 2 });
    const [commit] = await childrenOf(batch!, 'commit');
    expect(commit!.attributes).toMatchObject({ 'db.system.name': 'postgresql' });
    const all = [command, append, batch!, commit!, deliver!];
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set([command.traceId]));
    expect(all.filter(({ failed }) => failed)).toEqual([]);
  });

  it('link the sends that share a batch, each of which has a trace of its own', async () => {
    // What comes while the first is on its way to PostgreSQL leaves together.
    const sent = await Promise.all(Array.from({ length: 20 }, (_, i) => socket.say(conversationId, `The ${i}th`)));
    const appends = await Promise.all(sent.map(({ seq }) => appendOf(seq)));
    expect(new Set(appends.map(({ traceId }) => traceId)).size).toBe(20);
    for (const append of appends) expect((await parentOf(append)).name).toBe('command message:send');

    const linked = appends.filter(({ links }) => links.length > 0);
    expect(linked.length).toBeGreaterThan(0);
    for (const append of linked) {
      const batch = await eventually(() => {
        const found = collector.named('append batch').find(({ spanId }) => spanId === append.links[0]);
        if (found === undefined) throw new Error('The batch has not come');
        return found;
      });
      expect(batch.traceId).not.toBe(append.traceId);
      expect(batch.links).toContain(append.spanId);
      expect(batch.attributes['parley.messages']).toBe(batch.links.length + 1);
      await childrenOf(append, 'queue', 'deliver');
    }
  });

  it('begin with a request over REST, under its id', async () => {
    const { body } = await ada.rest.post(`/conversations/${conversationId}/messages`, {
      clientId: randomUUID(),
      body: 'By post',
    });
    const request = await parentOf(await appendOf((body as { seq: number }).seq));
    expect(request).toMatchObject({
      name: 'POST /v1/conversations/:id/messages',
      attributes: { 'http.request.method': 'POST', 'http.response.status_code': 201 },
    });
    expect(request.attributes['parley.request_id']).toEqual(expect.any(String));
  });

  it('show the delivery of every other change as part of its command', async () => {
    const { seq } = await socket.say(conversationId, 'Helo');
    const ack = await socket.command('message:edit', { conversationId, seq, body: 'Hello', version: 1 });
    expect(ack.ok).toBe(true);
    await eventually(() => expect(collector.named('command message:edit')).toHaveLength(1));
    const [edit] = collector.named('command message:edit');
    const [deliver] = await childrenOf(edit!, 'deliver');
    expect(deliver!.attributes).toMatchObject({ 'parley.sockets': 2 });
  });

  it('show refusals by their codes, which are no failures', async () => {
    await socket.raw('message:send', { conversationId: randomUUID(), clientId: randomUUID(), body: 'To nobody' });
    await eventually(() => {
      const refused = collector
        .named('command message:send')
        .find(({ attributes }) => 'parley.request_id' in attributes);
      expect(refused).toMatchObject({ attributes: { 'parley.outcome': 'conversation_not_found' }, failed: false });
    });
  });

  it('tell nothing about people', () => {
    expect(collector.spans.length).toBeGreaterThan(50);
    for (const secret of [ada.id, ben.id, ada.username, conversationId, 'Hello', 'By post']) {
      expect(collector.text).not.toContain(secret);
    }
  });
});

describe('a server', () => {
  /** What a process says of the packages of OpenTelemetry that it has loaded, when it ends. */
  const sayLoaded = `data:text/javascript,${encodeURIComponent(`
    import { writeSync } from 'node:fs';
    import { createRequire } from 'node:module';
    const { cache } = createRequire(process.cwd() + '/');
    process.on('exit', () => {
      const loaded = Object.keys(cache).map((file) => /@opentelemetry.(\\w[\\w-]*)/.exec(file)?.[1]);
      writeSync(1, 'loaded: ' + [...new Set(loaded)].sort().filter(Boolean).join(' ') + '\\n');
    });
  `)}`;

  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(() => database.drop());

  /** Somebody registers and sends to somebody else; then the server ends, and in order. What it has said. */
  async function live(env: Record<string, string>): Promise<string> {
    const program = launchServer({ databaseUrl: database.url }, env, [sayLoaded]);
    const { ada, ben } = await people({ url: await placeOf(program) }, 'ada', 'ben');
    const message = { clientId: randomUUID(), body: 'Hello' };
    const { status } = await ada.rest.post(`/conversations/${await directOf(ada, ben)}/messages`, message);
    expect(status).toBe(201);
    expect(await program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    return program.output;
  }

  const loadedBy = (output: string): string[] => /^loaded: (.*)$/m.exec(output)?.[1]?.split(' ') ?? [];

  it('draws nothing unless it is told to, and does not load what could', async () => {
    // That of the interfaces comes with the metrics, and does nothing.
    expect(loadedBy(await live({}))).toEqual(['api']);
  });

  it('sends what it has drawn before it ends', async () => {
    const collector = await TraceCollector.start();
    const output = await live({ PARLEY_TRACES_URL: collector.url });
    expect(loadedBy(output)).toEqual(expect.arrayContaining(['exporter-trace-otlp-http', 'sdk-trace']));
    expect(collector.named('POST /v1/conversations/:id/messages')).toHaveLength(1);
    expect(collector.named('commit')).toHaveLength(1);
    await collector.close();
  });

  it('works and ends as always when the collector is not there, and says so', async () => {
    const collector = await TraceCollector.start();
    const { url } = collector;
    await collector.close();
    expect(await live({ PARLEY_TRACES_URL: url })).toContain('Traces could not be sent');
  });

  it('works and ends as always when the collector does not answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await live({ PARLEY_TRACES_URL: `http://127.0.0.1:${port}/v1/traces` })).toContain(
      'Traces could not be sent',
    );
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
