import { jest } from '@jest/globals';
import type { MessageView } from '@parley/contracts';
import type { DataSource } from 'typeorm';
import { CuttingProxy } from '../../../../test/support/cutting-proxy.js';
import { testConfig } from '../../../../test/support/config.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { seedDirect, seedGroup, seedUsers } from '../../../../test/support/seed.js';
import { newId } from '../common/id.js';
import { SIGNALS } from '../common/signals.js';
import { createDataSource } from '../database/data-source.js';
import { Outbox } from '../database/outbox.js';
import { Pools } from '../database/pools.js';
import { FactBus } from '../events/fact-bus.js';
import { LocalFanOut } from '../events/fan-out.driver.js';
import { MessageAppender } from './message-appender.js';
import type { AppendOutcome, Send } from './send.js';

interface Node {
  appender: MessageAppender;
  /** What this node published, in order. */
  published: MessageView[];
  stop(): Promise<void>;
}

describe('the message appender', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let node: Node;
  let ada: string, ben: string, cleo: string;

  function startNode(url = database.url, lanes = '4'): Node {
    const config = testConfig(url, { PARLEY_APPEND_LANES: lanes });
    const bus = new FactBus(new LocalFanOut());
    const published: MessageView[] = [];
    bus.subscribe((change) => {
      for (const fact of change) if (fact.type === 'message:sent') published.push(fact.payload.message);
    });
    const pools = new Pools(config);
    const appender = new MessageAppender(pools, new Outbox(dataSource, bus), config);
    return {
      appender,
      published,
      stop: async () => {
        await appender.drain();
        await pools.onApplicationShutdown();
      },
    };
  }

  const send = (conversationId: string, senderId: string, extra: Partial<Send> = {}): Send => ({
    conversationId,
    senderId,
    clientId: newId(),
    body: 'Hello',
    replyTo: null,
    ...extra,
  });

  /** The stored numbers of a conversation, ascending. */
  async function numbers(conversationId: string): Promise<number[]> {
    const rows: { seq: number }[] = await dataSource.query(
      'SELECT seq FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [conversationId],
    );
    return rows.map((row) => row.seq);
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  async function codeOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => 'stored',
      (error: unknown) => (error as { code?: string }).code,
    );
  }

  beforeAll(async () => {
    database = await createDatabase();
    dataSource = await createDataSource(testConfig(database.url), []).initialize();
  });

  beforeEach(async () => {
    [ada, ben, cleo] = (await seedUsers(dataSource, 3)) as [string, string, string];
    node = startNode();
  });

  afterEach(() => node.stop());

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('numbers the messages of parallel senders without gaps and publishes them in order', async () => {
    const people = await seedUsers(dataSource, 50);
    const group = await seedGroup(dataSource, people);
    await Promise.all(people.flatMap((person) => upTo(10).map(() => node.appender.append(send(group, person)))));
    expect(await numbers(group)).toEqual(upTo(500));
    expect(node.published.map((message) => message.seq)).toEqual(upTo(500));
  });

  it('keeps the order in which one sender handed messages over', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const bodies = upTo(600).map(String);
    await Promise.all(bodies.map((body) => node.appender.append(send(group, ada, { body }))));
    expect(node.published.map((message) => message.body)).toEqual(bodies);
  });

  it('puts together what comes within 5 ms of a batch, where many people write', async () => {
    const people = await seedUsers(dataSource, 24);
    const group = await seedGroup(dataSource, people);
    // The clock stands still, and everything else goes on.
    jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'setInterval'] });
    const calm = startNode(database.url, '1');
    const batches: number[] = [];
    const stop = SIGNALS.batch.hear(({ messages }) => batches.push(messages));
    try {
      await Promise.all(people.map((person) => calm.appender.append(send(group, person))));
      const first = calm.appender.append(send(group, ada));
      await dataSource.query('SELECT 1');
      const second = calm.appender.append(send(group, people[0]!));
      await dataSource.query('SELECT 1');
      expect(batches).toEqual([24]);
      jest.advanceTimersByTime(5);
      await Promise.allSettled([first, second]);
      expect(batches).toEqual([24, 2]);
    } finally {
      stop();
      const stopped = calm.stop().then(() => true);
      // It waits for company once more before it finds that nothing is left to do.
      while (!(await Promise.race([stopped, dataSource.query('SELECT 1').then(() => false)]))) {
        jest.advanceTimersByTime(5);
      }
      jest.useRealTimers();
    }
  });

  it('stores 64 parallel retries once and gives all of them the same number', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const retried = send(group, ada);
    const other = startNode();
    const outcomes = await Promise.all(
      upTo(64).map((turn) => (turn % 2 === 0 ? node : other).appender.append(retried)),
    );
    await other.stop();
    expect(await numbers(group)).toEqual([1]);
    expect(outcomes.filter((outcome) => outcome.stored)).toHaveLength(1);
    const seqs = outcomes.map((outcome) => (outcome.stored ? outcome.message.seq : outcome.seq));
    expect(new Set(seqs)).toEqual(new Set([1]));
  });

  it('stores repetitions in the order in which they were handed over, when what they repeat could not be stored', async () => {
    const closed = await createDatabase();
    const own = await createDataSource(testConfig(closed.url), []).initialize();
    const [dora = '', emil = ''] = await seedUsers(own, 2);
    const group = await seedGroup(own, [dora, emil]);
    const letIn = (anybody: boolean): Promise<unknown> =>
      dataSource.query(`ALTER DATABASE ${new URL(closed.url).pathname.slice(1)} ALLOW_CONNECTIONS ${anybody}`);
    const behind = startNode(closed.url);
    await letIn(false);
    const [one, two, three] = [send(group, dora), send(group, dora), send(group, dora)];
    const append = (sends: Send[]): Promise<AppendOutcome>[] => sends.map((each) => behind.appender.append(each));
    const failing = append([one, two]);
    // By now they have left in a batch.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const repeated = append([two, one, three]);
    expect(await Promise.all(failing.map(codeOf))).toEqual(['service_unavailable', 'service_unavailable']);
    await letIn(true);
    expect(await Promise.all(repeated)).toMatchObject([
      { stored: true, message: { seq: 1, clientId: two.clientId } },
      { stored: true, message: { seq: 2, clientId: one.clientId } },
      { stored: true, message: { seq: 3, clientId: three.clientId } },
    ]);
    await behind.stop();
    await own.destroy();
    await closed.drop();
  });

  it('answers repetitions of what waits for a lock, before and after it has been tried', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [group]);
    const elsewhere = await seedGroup(dataSource, [ada, ben]);
    const oneLane = startNode(database.url, '1');
    const waiting = send(group, ada);
    const append = (conversationId: string, each: Send): Promise<AppendOutcome> =>
      oneLane.appender.append({ ...each, conversationId });
    const answers = [append(group, waiting), append(group, waiting)];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    answers.push(append(group, waiting), append(group, waiting));
    // Answered when the locked one has been put aside.
    await append(elsewhere, send(elsewhere, ada));
    answers.push(append(group, waiting));
    await runner.commitTransaction();
    await runner.release();
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ stored: true, message: { seq: 1 } });
    expect(others).toEqual([1, 2, 3, 4].map(() => ({ stored: false, seq: 1 })));
    expect(await numbers(group)).toEqual([1]);
    await oneLane.stop();
  });

  it('refuses a client id that stands for another content', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const first = send(group, ada, { body: 'one' });
    await node.appender.append(first);
    expect(await codeOf(node.appender.append({ ...first, body: 'two' }))).toBe('client_id_reused');
    expect(await codeOf(node.appender.append({ ...first, replyTo: 1 }))).toBe('client_id_reused');
    expect(await codeOf(node.appender.append({ ...first, senderId: ben }))).toBe('stored');
    const together = send(group, ada, { body: 'one' });
    const others = [{ body: 'two' }, { senderId: ben }, { senderId: ben, body: 'three' }].map((other) =>
      codeOf(node.appender.append({ ...together, ...other })),
    );
    expect([await codeOf(node.appender.append(together)), ...(await Promise.all(others))]).toEqual([
      'client_id_reused',
      'stored',
      'stored',
      'client_id_reused',
    ]);
  });

  it('knows a retry of a message that has been edited or deleted since', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const first = send(group, ada, { body: 'at first' });
    await node.appender.append(first);
    await dataSource.query(
      `UPDATE messages SET sent_digest = sha256(convert_to(body, 'UTF8')), body = NULL, deleted_at = now()
        WHERE conversation_id = $1`,
      [group],
    );
    expect(await node.appender.append(first)).toEqual({ stored: false, seq: 1 });
    expect(await codeOf(node.appender.append({ ...first, body: 'another' }))).toBe('client_id_reused');
  });

  it('refuses a stranger without touching the others in the batch', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const outcomes = await Promise.all(
      [send(group, ada), send(group, cleo), send(group, ben), send(newId(), ada)].map((item) =>
        codeOf(node.appender.append(item)),
      ),
    );
    expect(outcomes).toEqual(['stored', 'conversation_not_found', 'stored', 'conversation_not_found']);
    expect(await numbers(group)).toEqual([1, 2]);
  });

  it('tells somebody who was removed since what became of a send, and takes no new one', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const first = send(group, ben);
    await node.appender.append(first);
    await dataSource.query('UPDATE members SET left_seq = 2 WHERE conversation_id = $1 AND user_id = $2', [group, ben]);
    expect(await node.appender.append(first)).toEqual({ stored: false, seq: 1 });
    expect(await codeOf(node.appender.append(send(group, ben)))).toBe('conversation_not_found');
  });

  it('refuses both sides of a block in their direct conversation, and only there', async () => {
    const direct = await seedDirect(dataSource, ada, ben);
    const group = await seedGroup(dataSource, [ada, ben]);
    await dataSource.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [ada, ben]);
    expect(await codeOf(node.appender.append(send(direct, ben)))).toBe('user_blocked');
    expect(await codeOf(node.appender.append(send(direct, ada)))).toBe('user_blocked');
    expect(await codeOf(node.appender.append(send(group, ben)))).toBe('stored');
  });

  it('lets a message answer only what is there to be answered', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    await node.appender.append(send(group, ada));
    expect(await codeOf(node.appender.append(send(group, ben, { replyTo: 1 })))).toBe('stored');
    expect(await codeOf(node.appender.append(send(group, ben, { replyTo: 7 })))).toBe('reply_target_not_found');
    await dataSource.query('UPDATE members SET visible_from_seq = 2 WHERE conversation_id = $1 AND user_id = $2', [
      group,
      ben,
    ]);
    expect(await codeOf(node.appender.append(send(group, ben, { replyTo: 1 })))).toBe('reply_target_not_found');
  });

  it('does not deadlock when several nodes write to the same conversations in opposite orders', async () => {
    const groups = await Promise.all(upTo(8).map(() => seedGroup(dataSource, [ada, ben])));
    const other = startNode();
    const rounds = upTo(25).flatMap(() => [
      ...groups.map((group) => node.appender.append(send(group, ada))),
      ...[...groups].reverse().map((group) => other.appender.append(send(group, ben))),
    ]);
    await Promise.all(rounds);
    await other.stop();
    for (const group of groups) expect(await numbers(group)).toEqual(upTo(50));
  });

  it('never makes a time run against the numbers', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const other = startNode();
    await Promise.all(
      upTo(100).map((turn) => (turn % 2 === 0 ? node : other).appender.append(send(group, turn % 2 === 0 ? ada : ben))),
    );
    await other.stop();
    const rows: { inversions: number }[] = await dataSource.query(
      `SELECT count(*) AS inversions FROM messages a JOIN messages b ON a.conversation_id = b.conversation_id
        WHERE a.conversation_id = $1 AND a.seq < b.seq AND a.created_at > b.created_at`,
      [group],
    );
    expect(rows[0]?.inversions).toBe(0);
  });

  it('stores every message once although its connections are terminated again and again', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const bodies = upTo(500).map(String);
    const killing = setInterval(() => {
      void dataSource.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'parley-messages'`,
      );
    }, 100);
    const outcomes: unknown[] = [];
    try {
      for (const body of bodies) outcomes.push(await codeOf(node.appender.append(send(group, ada, { body }))));
    } finally {
      clearInterval(killing);
    }
    expect(new Set(outcomes)).toEqual(new Set(['stored']));
    const rows: { body: string }[] = await dataSource.query(
      'SELECT body FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [group],
    );
    expect(rows.map((row) => row.body)).toEqual(bodies);
  });

  it('waits for a lock that another transaction holds', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [group]);
    const waiting = node.appender.append(send(group, ada));
    const elsewhere = await seedGroup(dataSource, [ada, ben]);
    await runner.query('UPDATE conversation_heads SET last_seq = last_seq + 1 WHERE conversation_id = $1', [group]);
    await runner.commitTransaction();
    await runner.release();
    expect(await waiting).toMatchObject({ stored: true, message: { seq: 2 } });
    expect(await node.appender.append(send(elsewhere, ada))).toMatchObject({ stored: true });
  });

  it('goes on with the other conversations while one is locked, which then gets all of its messages in order', async () => {
    const [locked, open] = [await seedGroup(dataSource, [ada, ben]), await seedGroup(dataSource, [ada, ben])];
    const oneLane = startNode(database.url, '1');
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [locked]);
    const answered: string[] = [];
    const append = (conversationId: string, body: string): Promise<unknown> =>
      oneLane.appender.append(send(conversationId, ada, { body })).then(() => answered.push(body));
    const waiting = [append(locked, 'one'), append(locked, 'two')];
    await append(open, 'elsewhere');
    waiting.push(append(locked, 'three'));
    await append(open, 'elsewhere again');
    expect(answered).toEqual(['elsewhere', 'elsewhere again']);
    await runner.commitTransaction();
    await runner.release();
    await Promise.all(waiting);
    await append(locked, 'four');
    expect(oneLane.published.filter(({ conversationId }) => conversationId === locked).map(({ body }) => body)).toEqual(
      ['one', 'two', 'three', 'four'],
    );
    await oneLane.stop();
  });

  it('says that the outcome is unknown when the database lets nobody in after an answer was lost', async () => {
    const closing = await createDatabase();
    const own = await createDataSource(testConfig(closing.url), []).initialize();
    const [dora = '', emil = ''] = await seedUsers(own, 2);
    const group = await seedGroup(own, [dora, emil]);
    const target = new URL(closing.url);
    const proxy = await CuttingProxy.to(target.hostname, Number(target.port));
    const proxied = new URL(closing.url);
    proxied.host = `127.0.0.1:${proxy.localPort}`;
    const behindProxy = startNode(proxied.href);
    await behindProxy.appender.append(send(group, dora));
    await dataSource.query(`ALTER DATABASE ${target.pathname.slice(1)} ALLOW_CONNECTIONS false`);
    proxy.cutAt('Did it arrive?', 'after');
    const lost = behindProxy.appender.append(send(group, dora, { body: 'Did it arrive?' }));
    expect(await codeOf(lost)).toBe('outcome_unknown');
    await behindProxy.stop();
    await proxy.close();
    await own.destroy();
    await closing.drop();
  });

  it('says that the outcome is unknown when the answer is lost for good, and a retry finds out', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const target = new URL(database.url);
    const proxy = await CuttingProxy.to(target.hostname, Number(target.port));
    const proxied = new URL(database.url);
    proxied.host = `127.0.0.1:${proxy.localPort}`;
    const behindProxy = startNode(proxied.href);
    await behindProxy.appender.append(send(group, ada));
    proxy.cutAnswers();
    const lost = send(group, ada, { body: 'Did it arrive?' });
    expect(await codeOf(behindProxy.appender.append(lost))).toBe('outcome_unknown');
    expect(await node.appender.append(lost)).toEqual({ stored: false, seq: 2 });
    await behindProxy.stop();
    await proxy.close();
  });

  it('refuses for certain, and asks to come back, when the database cannot be reached at all', async () => {
    const group = await seedGroup(dataSource, [ada, ben]);
    const nowhere = startNode('postgres://nobody@127.0.0.1:1/nothing');
    expect(await codeOf(nowhere.appender.append(send(group, ada)))).toBe('service_unavailable');
    await nowhere.stop();
  });
});
