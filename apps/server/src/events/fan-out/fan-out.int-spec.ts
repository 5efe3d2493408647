import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { CuttingProxy } from '../../../../../test/support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../../../../../test/support/database.js';
import { eventually } from '../../../../../test/support/eventually.js';
import type { Change, Position } from '../fact.js';
import { LocalFanOut, type FanOutDriver } from '../fan-out.driver.js';
import type { FanOutTiming } from './linked-fan-out.js';
import { PostgresFanOut } from './postgres.fan-out.js';
import { RedisFanOut } from './redis.fan-out.js';

const TIMING: FanOutTiming = { canaryMs: 50, deafMs: 400, retryMs: [20, 100] };
const EPOCH: string = randomUUID();

type MakeDriver = (url: string) => FanOutDriver;

interface Carrier {
  name: string;
  make: MakeDriver;
  /** Where the carrier is; the second time through a proxy. */
  url: () => string;
}

const redisUrl = process.env['PARLEY_TEST_REDIS_URL'];
const prefix = `parley-test-${randomUUID()}`;
let database: TestDatabase;

const postgres: Carrier = {
  name: 'PostgresFanOut',
  make: (url) => new PostgresFanOut({ url, timing: TIMING }),
  url: () => database.url,
};
const redis: Carrier = {
  name: 'RedisFanOut',
  make: (url) => new RedisFanOut({ url, prefix, timing: TIMING }),
  url: () => redisUrl ?? '',
};
const local: Carrier = { name: 'LocalFanOut', make: () => new LocalFanOut(), url: () => '' };

if (redisUrl === undefined) console.warn('PARLEY_TEST_REDIS_URL is not set: the fan-out over Redis is not tested');
const linked = redisUrl === undefined ? [postgres] : [postgres, redis];

const typing = (userId: string): Change => [
  {
    type: 'typing:changed',
    audience: { conversationId: 'team' },
    payload: { conversationId: 'team', userId, typing: true },
  },
];

function left(seq: number, userId = 'cleo'): Change {
  const position: Position = { conversationId: 'team', seq, memberVersion: 1, left: [userId] };
  return [
    { type: 'conversation:left', audience: { userIds: [userId] }, position, payload: { conversationId: 'team', seq } },
  ];
}

/** A node: its driver, and what it heard from others. */
class Node {
  readonly heard: (Change | { hint: Position })[] = [];
  readonly driver: FanOutDriver;

  constructor(carrier: Carrier, url = carrier.url()) {
    this.driver = carrier.make(url);
    this.driver.onReceive({
      changed: (changes) => this.heard.push(...changes),
      hinted: (hint) => this.heard.push({ hint }),
    });
  }

  async start(epoch = EPOCH): Promise<this> {
    await this.driver.start(epoch);
    return this;
  }
}

let nodes: Node[] = [];
let proxies: CuttingProxy[] = [];

async function startNode(carrier: Carrier, options: { url?: string; epoch?: string } = {}): Promise<Node> {
  const node = new Node(carrier, options.url);
  nodes.push(node);
  return node.start(options.epoch);
}

/** A proxy before the carrier, and the carrier's address through it. */
async function proxied(carrier: Carrier): Promise<{ proxy: CuttingProxy; url: string }> {
  const url = new URL(carrier.url());
  const proxy = await CuttingProxy.to(url.hostname, Number(url.port));
  proxies.push(proxy);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.localPort);
  return { proxy, url: url.href };
}

const healthy = (node: Node): Promise<void> => eventually(() => expect(node.driver.healthy).toBe(true));

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.driver.stop()));
  await Promise.all(proxies.map((proxy) => proxy.close()));
  nodes = [];
  proxies = [];
});

afterAll(() => database.drop());

describe.each([local, ...linked])('$name', (carrier) => {
  it('is healthy once it is started', async () => {
    await healthy(await startNode(carrier));
  });

  it('does not throw before its start and after its end', async () => {
    const node = new Node(carrier);
    expect(() => node.driver.send([typing('ada')])).not.toThrow();
    await node.driver.stop();
    expect(() => node.driver.send([typing('ada')])).not.toThrow();
  });
});

describe.each(linked)('$name between two nodes', (carrier) => {
  it('hands over what another node sent, in order, and never its own', async () => {
    const [one, other] = [await startNode(carrier), await startNode(carrier)];
    const changes = Array.from({ length: 300 }, (_, seq) => left(seq));
    for (const change of changes) one.driver.send([change, typing('ada')]);
    other.driver.send([typing('ben')]);
    await eventually(() => expect(one.heard).toHaveLength(1));
    await eventually(() => expect(other.heard).toHaveLength(600));
    expect(other.heard).toEqual(changes.flatMap((change) => [change, typing('ada')]));
    expect(one.heard).toEqual([typing('ben')]);
  });

  it('carries any text', async () => {
    const [one, other] = [await startNode(carrier), await startNode(carrier)];
    const text = `O'Brien "quoted" \\ \n $1 ✓ 👩‍👩‍👧 ${'ü'.repeat(1_000)}`;
    one.driver.send([typing(text)]);
    await eventually(() => expect(other.heard).toEqual([typing(text)]));
  });

  it('hands over a large change, or at least where it belongs', async () => {
    const [one, other] = [await startNode(carrier), await startNode(carrier)];
    const large = left(2, 'x'.repeat(2_500));
    one.driver.send([left(1), [...large, ...large], left(3)]);
    await eventually(() => expect(other.heard).toHaveLength(3));
    expect(other.heard[0]).toEqual(left(1));
    expect([[...large, ...large], { hint: large[0]?.position }]).toContainEqual(other.heard[1]);
    expect(other.heard[2]).toEqual(left(3));
  });

  it('keeps nodes of different epochs apart', async () => {
    const [one, other] = [await startNode(carrier), await startNode(carrier)];
    const stranger = await startNode(carrier, { epoch: randomUUID() });
    await healthy(stranger);
    stranger.driver.send([typing('cleo')]);
    one.driver.send([typing('ada')]);
    await eventually(() => expect(other.heard).toEqual([typing('ada')]));
    expect(stranger.heard).toEqual([]);
  });

  it('notices that the link broke and finds its way back', async () => {
    const one = await startNode(carrier);
    const { proxy, url } = await proxied(carrier);
    const other = await startNode(carrier, { url });
    await healthy(other);
    proxy.cutAnswers();
    await eventually(() => expect(other.driver.healthy).toBe(false));
    expect(() => other.driver.send([typing('ben')])).not.toThrow();
    proxy.heal();
    await healthy(other);
    one.driver.send([typing('ada')]);
    await eventually(() => expect(other.heard).toContainEqual(typing('ada')));
    await eventually(() => expect(one.heard).toContainEqual(typing('ben')));
  });

  it('notices that a silent link is dead and makes a new one', async () => {
    const one = await startNode(carrier);
    const { proxy, url } = await proxied(carrier);
    const other = await startNode(carrier, { url });
    await healthy(other);
    proxy.silence();
    await eventually(() => expect(other.driver.healthy).toBe(false));
    await healthy(other);
    one.driver.send([typing('ada')]);
    await eventually(() => expect(other.heard).toContainEqual(typing('ada')));
  });

  it('starts without a carrier and links up when there is one', async () => {
    const { proxy, url } = await proxied(carrier);
    proxy.cutAnswers();
    const other = await startNode(carrier, { url });
    expect(other.driver.healthy).toBe(false);
    proxy.heal();
    await healthy(other);
  });
});
