import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SentMessageView } from '@parley/contracts';
import { eventually } from '../support/eventually.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { expectNothingLost, historyOf, type Acknowledged } from '../support/steady-load.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SILENT_SOCKETS = 12;
const EXIT_WITHIN_MS = 10_000;

interface Text {
  clientId: string;
  body: string;
}

/** Sends a text in whatever way; rejects when there is no answer, or a refusal. */
type Way = (text: Text) => Promise<SentMessageView>;

/** Writes one text after the other until one is not acknowledged: that one is left over. */
class SteadyWriter {
  readonly acknowledged: Acknowledged[] = [];
  readonly leftOver: Promise<Text>;

  constructor(
    readonly person: Person,
    private readonly way: Way,
  ) {
    this.leftOver = this.write();
  }

  async send(text: Text, way = this.way): Promise<void> {
    const { seq } = await way(text);
    this.acknowledged.push({ ...text, senderId: this.person.id, seq });
  }

  private async write(): Promise<Text> {
    for (let count = 1; ; count += 1) {
      const text = { clientId: randomUUID(), body: String(count) };
      try {
        await this.send(text);
      } catch {
        return text;
      }
    }
  }
}

const overRest =
  ({ rest }: Person, group: string): Way =>
  async (text) => {
    const { status, body } = await rest.post<SentMessageView>(`/conversations/${group}/messages`, text);
    if (status !== 200 && status !== 201) throw new Error(JSON.stringify(body));
    return body;
  };

const overSocket =
  (socket: TestSocket, group: string): Way =>
  async (text) => {
    const ack = await socket.command('message:send', { conversationId: group, ...text });
    if (!ack.ok) throw new Error(ack.error.code);
    return ack.data;
  };

describe('a server that is stopped under load', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: ServerProcess;
  let sockets: Sockets;

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startServer({ dataDir: folder.path });
    sockets = new Sockets(server);
  });

  afterAll(async () => {
    sockets.closeAll();
    await server.program.kill('SIGTERM');
    folder.remove();
  });

  async function expectDraining(): Promise<void> {
    const answer = await fetch(`${server.url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'draining' }]);
  }

  it('takes leave of everybody, ends by itself, and has lost and repeated nothing when it is back', async () => {
    // The same port each time, so that the people find it again.
    const { port } = new URL(server.url);
    const { ada, ben, cleo, dora } = await people(server, 'ada', 'ben', 'cleo', 'dora');
    const group = await groupOf(ada, ben, cleo, dora);
    const talking = await Promise.all([
      sockets.connect(ada, { transports: ['websocket'] }),
      sockets.connect(ben, { transports: ['polling'] }),
    ]);
    const silent = await Promise.all(Array.from({ length: SILENT_SOCKETS }, () => sockets.connect(cleo)));
    const writers = [
      new SteadyWriter(ada, overSocket(talking[0], group)),
      new SteadyWriter(ben, overSocket(talking[1], group)),
      ...[cleo, dora].map((person) => new SteadyWriter(person, overRest(person, group))),
    ];
    await eventually(() => {
      for (const { acknowledged } of writers) expect(acknowledged.length).toBeGreaterThan(50);
    }, 30_000);

    const exit = Promise.race([server.program.kill('SIGTERM'), delay(EXIT_WITHIN_MS, 'it still runs', { ref: false })]);
    await eventually(expectDraining);
    await Promise.all([...talking, ...silent].map((socket) => socket.next('server:draining')));
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(server.program.output).not.toMatch(/Draining .* failed|Not everything could be closed/);

    server = await startServer({ dataDir: folder.path }, { PORT: port });
    // What was not answered is asked again: it may have been stored, and must not be stored twice.
    for (const writer of writers) await writer.send(await writer.leftOver, overRest(writer.person, group));
    const history = await historyOf(ada, group);
    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expectNothingLost(history, acknowledged);
    for (const { person } of writers) {
      const bodies = history.flatMap((message) =>
        message.kind === 'text' && message.senderId === person.id ? [message.body] : [],
      );
      expect(bodies).toEqual(bodies.map((_, index) => String(index + 1)));
    }
  }, 120_000);
});
