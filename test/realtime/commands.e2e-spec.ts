import { randomUUID } from 'node:crypto';
import { COMMANDS, LIMITS, type Ack } from '@parley/contracts';
import { CommandTable } from '../../apps/server/src/realtime/command-table.js';
import { eventually } from '../support/eventually.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { RawSocket } from '../support/raw-socket.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('commands', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;
  let group: string;
  let socket: TestSocket;
  let bystander: TestSocket;
  let raw: RawSocket;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
    group = await groupOf(ada, ben);
    bystander = await new Sockets(app).connect(ben);
  });
  beforeEach(async () => {
    socket = await sockets.connect(ada);
    raw = await RawSocket.connect(app, ada);
  });
  afterEach(async () => {
    sockets.closeAll();
    raw.close();
    // Whatever a test did to the server, somebody else has noticed nothing.
    expect(await bystander.command('presence:set', { state: 'active' })).toEqual({ ok: true, data: null });
  });
  afterAll(async () => {
    bystander.close();
    await app.close();
  });

  const text = (body: string): object => ({ conversationId: group, clientId: randomUUID(), body });
  const refusal = (code: string): object => ({
    ok: false,
    error: expect.objectContaining({ code, type: `/problems/${code}`, requestId: expect.any(String) }),
  });

  it('are all handled, and no others', () => {
    expect(app.app.get(CommandTable, { strict: false }).names().sort()).toEqual([...COMMANDS].sort());
  });

  it('are answered with the data of the REST twin', async () => {
    const ack = await socket.raw('message:send', text('Hello'));
    const data = expect.objectContaining({ body: 'Hello', senderId: ada.id, duplicate: false });
    expect(ack).toEqual({ ok: true, data });
  });

  it('are refused with the problem of the REST twin', async () => {
    const input = { ...text('Hello'), conversationId: randomUUID() };
    const ack = await socket.raw('message:send', input);
    const { conversationId, ...body } = input as { conversationId: string };
    const twin = await ada.rest.post(`/conversations/${conversationId}/messages`, body);
    expect(ack).toEqual({ ok: false, error: { ...(twin.body as object), requestId: expect.any(String) } });
  });

  describe('that no well-made client sends', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    const numbered = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 1]));
    const id = randomUUID();
    const send = (input: unknown): unknown[] => ['message:send', input];

    it.each<[string, unknown[], string]>([
      ['an unknown command', ['message:shout', {}], 'command_unknown'],
      ['a command of another kind of name', ['constructor', {}], 'command_unknown'],
      ['a number for a name', [7, {}], 'command_unknown'],
      ['the name of a fact', ['message:sent', {}], 'command_unknown'],
      ['an event that Node knows', ['error', {}], 'command_unknown'],
      ['no input', ['message:send'], 'request_malformed'],
      ['two inputs', ['message:send', {}, {}], 'request_malformed'],
      ['a list', send([]), 'validation_failed'],
      ['null', send(null), 'validation_failed'],
      ['a text', send('hello'), 'validation_failed'],
      ['a number', send(1e308), 'validation_failed'],
      ['true', send(true), 'validation_failed'],
      ['an empty object', send({}), 'validation_failed'],
      ['an unknown field', send({ conversationId: id, clientId: id, body: 'x', seq: 1 }), 'validation_failed'],
      ['objects for texts', send({ conversationId: {}, clientId: [], body: { toString: 1 } }), 'validation_failed'],
      ['NUL', send({ conversationId: id, clientId: id, body: 'a\u0000b' }), 'validation_failed'],
      ['half a surrogate pair', send({ conversationId: id, clientId: id, body: '\ud800' }), 'validation_failed'],
      [
        'a text that is too long',
        send({ conversationId: id, clientId: id, body: 'x'.repeat(4_001) }),
        'validation_failed',
      ],
      [
        'a body of combining marks',
        send({ conversationId: id, clientId: id, body: `a${'\u0301\u0323'.repeat(1_500)}` }),
        'validation_failed',
      ],
      ['a deeply nested object', send({ conversationId: id, clientId: id, body: nested(2_000) }), 'validation_failed'],
      ['a prototype', send(JSON.parse('{"__proto__":{"body":"x"}}')), 'validation_failed'],
      ['a constructor', send({ constructor: { prototype: {} } }), 'validation_failed'],
    ])('answers %s with a typed error and no echo', async (_what, event, code) => {
      const ack = (await raw.ask(1, event)) as Ack<unknown>;
      expect(ack).toEqual(refusal(code));
    });

    it.each<[string, unknown[], string]>([
      ['5,000 unknown fields', send(numbered(5_000)), ''],
      ['4,000 wrong cursors', ['sync', { cursors: numbered(4_000) }], 'cursors'],
      ['28,000 numbers', ['presence:watch', { userIds: Array(28_000).fill(1) }], 'userIds'],
    ])('answers %s in one sentence', async (_what, event, path) => {
      const error = expect.objectContaining({
        errors: [
          {
            path,
            message: expect.stringMatching(/^must not (have more than 20 fields|hold more than any valid input does)$/),
          },
        ],
      });
      expect(await raw.ask(1, event)).toEqual({ ok: false, error });
    });

    it('answers an input that is nested as deep as fits with a typed error', async () => {
      raw.send(`421["message:send",${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}]`);
      expect(await raw.ack(1)).toEqual(refusal('validation_failed'));
      raw.send(`422["message:send",{"body":${'['.repeat(30_000)}${']'.repeat(30_000)}}]`);
      expect(await raw.ack(2)).toEqual(refusal('validation_failed'));
    });

    it('answers binary input with a typed error, and drops what is attached', async () => {
      raw.send('451-7["message:send",{"_placeholder":true,"num":0}]');
      raw.send(Buffer.from('attached'));
      expect(await raw.ack(7)).toEqual(refusal('validation_failed'));
      raw.send(Buffer.from('not announced'));
      expect(await raw.ask(8, ['presence:set', { state: 'active' }])).toEqual({ ok: true, data: null });
    });

    it('gives no answer where none can be, and ends the connection when that goes on', async () => {
      for (let i = 0; i < 10; i += 1) raw.send('42["presence:set",{"state":"away"}]');
      expect(await raw.ask(1, ['presence:set', { state: 'active' }])).toEqual({ ok: true, data: null });
      for (let i = 0; i < 20; i += 1) raw.send('42["presence:set",{"state":"away"}]');
      const farewell = await raw.packet('42["session:ended"');
      expect((JSON.parse(farewell.slice(2)) as unknown[])[1]).toEqual({
        reason: 'protocol_abuse',
        mayReconnect: false,
        retryInMs: null,
      });
      await raw.closed;
    });

    it.each([
      ['a reserved name', '421["disconnect",{}]'],
      ['a name of no kind', '421[{},{}]'],
      ['an event that is no list', '421{"a":1}'],
      ['JSON that ends early', '421["presence:set",{"state":'],
      ['an unknown packet type', '49'],
      ['an unknown namespace', '42/admin,1["presence:set",{}]'],
      ['attachments without a number', '45-1["presence:set",{}]'],
      ['attachments with a sign', '45+1-7["x"]'],
      ['attachments with an exponent', '451e0-7["x"]'],
      ['attachments with a blank', '45 1-7["x"]'],
      ['attachments in hexadecimal', '450x1-7["x"]'],
      ['attachments for an answer, with a sign', '46+1-7["x"]'],
    ])('ends a connection that sends %s', async (_what, packet) => {
      raw.send(packet);
      await raw.closed;
    });

    it('ends a connection whose packet is larger than the limit, over WebSocket and over polling', async () => {
      raw.send(`421["message:send",{"body":"${'x'.repeat(LIMITS.payloadMaxBytes)}"}]`);
      expect(await raw.closed).toBe(1009);
      const polling = await sockets.connect(ada, { transports: ['polling'] });
      polling.io.emit('message:send', text('x'.repeat(LIMITS.payloadMaxBytes)) as never, () => undefined);
      await polling.end();
    });

    it('ends a connection that sends one message in many fragments', async () => {
      for (let i = 0; i < 20; i += 1) raw.ws.send('4', { fin: false });
      await raw.closed;
    });
  });

  it('end a connection that floods with pings of the WebSocket protocol', async () => {
    for (let i = 0; i < 100; i += 1) raw.ws.ping();
    await raw.closed;
  });

  describe('in number', () => {
    it('waits for at most 64 answers of one socket, and refuses the rest at once', async () => {
      const acks = await Promise.all(Array.from({ length: 80 }, (_, i) => socket.raw('message:send', text(`${i}`))));
      const refused = acks.filter((ack) => !ack.ok);
      expect(refused).toEqual(Array(16).fill(refusal('too_many_in_flight')));
      expect(acks.slice(0, 64).every((ack) => ack.ok)).toBe(true);
      expect((await socket.raw('message:send', text('after'))).ok).toBe(true);
    });

    it('keeps the order of 60 sends of one socket', async () => {
      const acks = await Promise.all(Array.from({ length: 60 }, (_, i) => socket.say(group, `${i}`)));
      const first = acks[0]?.seq ?? NaN;
      expect(acks.map((message) => message.seq)).toEqual(acks.map((_, i) => first + i));
    });

    it('answers every one exactly once, whatever it is', async () => {
      const events = Array.from({ length: 50 }, (_, i) =>
        i % 3 === 0 ? ['nonsense', {}] : ['message:send', text(`${i}`)],
      );
      events.forEach((event, id) => raw.send(`42${id}${JSON.stringify(event)}`));
      await Promise.all(events.map((_, id) => raw.ack(id)));
      await raw.ask(99, ['presence:set', { state: 'active' }]);
      const answered = raw.received
        .filter((packet) => packet.startsWith('43'))
        .map((packet) => parseInt(packet.slice(2), 10));
      expect(answered.sort((a, b) => a - b)).toEqual([...events.keys(), 99]);
    });
  });
});

describe('commands with rate limits', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person, ben: Person;

  beforeAll(async () => {
    app = await startApp({ env: { PARLEY_RATE_LIMITS: 'on' } });
    sockets = new Sockets(app);
    ({ ada, ben } = await people(app, 'ada', 'ben'));
  });
  afterEach(() => sockets.closeAll());
  afterAll(() => app.close());

  it('are refused with the time to wait, for all sockets of a person and for nobody else', async () => {
    const group = await groupOf(ada, ben);
    const [first, second, others] = [
      await sockets.connect(ada),
      await sockets.connect(ada),
      await sockets.connect(ben),
    ];
    const send = (socket: TestSocket): Promise<Ack<unknown>> =>
      socket.command('message:send', { conversationId: group, clientId: randomUUID(), body: 'again' });
    let acks: Ack<unknown>[] = [];
    for (let round = 0; round < 6; round += 1) acks = await Promise.all(Array.from({ length: 60 }, () => send(first)));
    const limited = {
      ok: false,
      error: expect.objectContaining({ code: 'rate_limited', retryInMs: expect.any(Number) }),
    };
    expect(acks.at(-1)).toEqual(limited);
    expect(await send(second)).toEqual(limited);
    expect(await send(others)).toMatchObject({ ok: true });
  });

  it('end a connection that floods, with a farewell, and no other of the same person', async () => {
    const raw = await RawSocket.connect(app, ben);
    const other = await sockets.connect(ben);
    for (let i = 0; i < 3_000; i += 1) raw.send(`42${i}["nonsense",{}]`);
    expect(await raw.packet('42["session:ended"')).toContain('protocol_abuse');
    await raw.closed;
    expect(await other.raw('nonsense', {})).toMatchObject({ ok: false });
  });

  it('end a connection that floods in one poll, too', async () => {
    const handshake = await fetch(`${app.url}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await handshake.text()).slice(1)) as { sid: string };
    const url = `${app.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', body });
    await post(`40${JSON.stringify({ token: ben.accessToken })}`);
    let heard = '';
    while (!heard.includes('"ready"')) heard = await (await fetch(url)).text();
    await post(Array.from({ length: 3_000 }, (_, id) => `42${id}["x",{}]`).join('\x1e'));
    expect(await (await fetch(url)).text()).toContain('protocol_abuse');
    await eventually(async () => expect((await post('3')).status).toBe(400));
  });
});
