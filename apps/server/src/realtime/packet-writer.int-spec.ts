import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { io as connect, type Socket as Client } from 'socket.io-client';
import { eventually } from '../../../../test/support/eventually.js';
import { BoundedWebSocketServer } from './bounded-web-socket.js';
import type { ParleySocket } from './connection.js';
import { backlogOf, directStreamOf, type DirectStream } from './engine-internals.js';
import { OutgoingPacket } from './outgoing-packet.js';
import { PacketWriter } from './packet-writer.js';

describe('PacketWriter', () => {
  let http: HttpServer;
  let io: Server;
  let writer: PacketWriter;
  let clients: Client[];

  beforeEach(async () => {
    http = createServer();
    io = new Server(http, { wsEngine: BoundedWebSocketServer, perMessageDeflate: false, maxHttpBufferSize: 1e6 });
    writer = new PacketWriter();
    io.on('connection', (socket) => writer.attach(socket.conn));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    clients = [];
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await io.close();
  });

  interface Pair {
    socket: ParleySocket;
    client: Client;
    /** What the client has heard, in order. */
    heard: string[];
  }

  async function pair(...transports: string[]): Promise<Pair> {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const client = connect(url, { transports, forceNew: true, reconnection: false });
    clients.push(client);
    const heard: string[] = [];
    client.on('word', (word: string) => heard.push(word));
    const [socket] = (await once(io, 'connection')) as [ParleySocket];
    if (!client.connected) await once(client as never, 'connect');
    return { socket, client, heard };
  }

  const word = (text: string): OutgoingPacket => new OutgoingPacket(`2${JSON.stringify(['word', text])}`);
  const emit = ({ socket }: Pair, text: string): void => void (socket as unknown as Socket).emit('word', text);
  const write = ({ socket }: Pair, text: string): void => writer.write(socket, word(text));
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `word ${index}`);

  /** The system calls that a stream makes from now on. */
  function callsOf({ socket }: Pair): string[] {
    const stream = directStreamOf(socket.conn);
    if (stream === null) throw new Error('There is no stream to write to: the internals of Socket.IO have moved');
    const calls: string[] = [];
    const prototype = Object.getPrototypeOf(stream) as DirectStream;
    const counting = Object.create(prototype) as DirectStream;
    counting.write = function (this: DirectStream, bytes: Buffer) {
      calls.push(bytes.toString());
      return prototype.write.call(this, bytes);
    };
    Object.setPrototypeOf(stream, counting);
    return calls;
  }

  it('makes one call of everything that a socket is owed in one turn', async () => {
    const one = await pair('websocket');
    const calls = callsOf(one);
    for (const text of names(20)) write(one, text);
    await Promise.resolve().then(() => write(one, 'resolved meanwhile'));
    await eventually(() => expect(one.heard).toEqual([...names(20), 'resolved meanwhile']));
    expect(calls).toHaveLength(1);
  });

  it('tells many sockets the same, and each its own between', async () => {
    const pairs = [await pair('websocket'), await pair('websocket'), await pair('websocket')];
    const shared = names(3).map(word);
    for (const [at, one] of pairs.entries()) {
      writer.write(one.socket, shared[0] as OutgoingPacket);
      if (at === 1) write(one, 'for you alone');
      for (const packet of shared.slice(1)) writer.write(one.socket, packet);
    }
    for (const [at, { heard }] of pairs.entries()) {
      const expected = at === 1 ? ['word 0', 'for you alone', 'word 1', 'word 2'] : names(3);
      await eventually(() => expect(heard).toEqual(expected));
    }
  });

  it.each([
    { way: 'WebSocket', transports: ['websocket'] },
    { way: 'polling', transports: ['polling'] },
    { way: 'polling that is being upgraded', transports: ['polling', 'websocket'] },
  ])('keeps the order among what is written and what is emitted, by $way', async ({ transports }) => {
    const one = await pair(...transports);
    const texts = names(600);
    for (const [at, text] of texts.entries()) {
      if (at % 3 === 0 || at % 7 === 0) emit(one, text);
      else write(one, text);
      // Some in the same turn, some in the next, some after what was written before has left.
      if (at % 10 === 0) await new Promise((resolve) => setTimeout(resolve, at % 20 === 0 ? 1 : 0));
    }
    await eventually(() => expect(one.heard).toHaveLength(texts.length));
    expect(one.heard).toEqual(texts);
  });

  it.each([
    { of: 'one byte', text: 'x' },
    { of: '125 bytes', text: 'x'.repeat(125 - '42["word",""]'.length) },
    { of: '126 bytes', text: 'x'.repeat(126 - '42["word",""]'.length) },
    { of: '65,535 bytes', text: 'x'.repeat(65_535 - '42["word",""]'.length) },
    { of: '65,536 bytes', text: 'x'.repeat(65_536 - '42["word",""]'.length) },
    { of: 'more than a slab', text: 'x'.repeat(300_000) },
    { of: 'many alphabets', text: 'Grüße, 你好, नमस्ते, 👋🏽' },
  ])('writes a text of $of', async ({ text }) => {
    const one = await pair('websocket');
    for (const each of ['before', text, 'after']) write(one, each);
    await eventually(() => expect(one.heard).toEqual(['before', text, 'after']));
  });

  it('lets what a slow client is owed wait where it is counted, and loses none of it', async () => {
    const slow = await pair('websocket');
    const other = await pair('websocket');
    const engine = slow.client.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } };
    engine.transport.ws.pause();
    // Different everywhere, so that bytes that are used for something else too early show.
    const textOf = (number: number): string => `${number},`.repeat(5_000);
    let written = 0;
    while (backlogOf(slow.socket.conn).packets < 10) {
      const packet = word(textOf(written));
      for (const { socket } of [slow, other]) writer.write(socket, packet);
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    engine.transport.ws.resume();
    const texts = Array.from({ length: written }, (_, index) => textOf(index));
    for (const { heard } of [slow, other]) {
      await eventually(() => expect(heard).toHaveLength(written));
      expect(heard).toEqual(texts);
    }
  });

  it('writes nothing to a socket that has been closed in the same turn', async () => {
    const one = await pair('websocket');
    const ended = once(one.client as never, 'disconnect');
    write(one, 'the last');
    one.socket.disconnect(true);
    write(one, 'too late');
    await ended;
    expect(one.heard).toEqual(['the last']);
  });

  it.each([
    { way: 'WebSocket', transports: ['websocket'], holds: true },
    { way: 'polling', transports: ['polling'], holds: false },
  ])('holds back what is sent until it lets go of it, by $way: $holds', async ({ transports, holds }) => {
    const [one, other] = [await pair(...transports), await pair(...transports)];
    writer.hold(one.socket.conn);
    for (const each of [one, other]) {
      emit(each, 'emitted');
      write(each, 'written');
    }
    await eventually(() => expect(other.heard).toEqual(['emitted', 'written']));
    if (holds) expect(one.heard).toEqual([]);
    write(one, 'the last');
    writer.release(one.socket.conn);
    await eventually(() => expect(one.heard).toEqual(['emitted', 'written', 'the last']));
    write(one, 'as always');
    await eventually(() => expect(one.heard).toContain('as always'));
  });

  it('can let go of what was never held, and of a socket that has been closed meanwhile', async () => {
    const [free, closed] = [await pair('websocket'), await pair('websocket')];
    writer.release(free.socket.conn);
    writer.hold(closed.socket.conn);
    const ended = once(closed.client as never, 'disconnect');
    closed.socket.conn.close();
    write(closed, 'too late');
    writer.release(closed.socket.conn);
    await ended;
    write(free, 'still here');
    await eventually(() => expect(free.heard).toEqual(['still here']));
    expect(closed.heard).toEqual([]);
  });
});
