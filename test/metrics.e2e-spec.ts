import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { MetricsServer } from '../apps/server/src/metrics/metrics-server.js';
import { eventually } from './support/eventually.js';
import { directOf } from './support/groups.js';
import { people, type Person } from './support/people.js';
import { Sockets } from './support/sockets.js';
import { startApp, type RunningApp } from './support/start-app.js';

const docker = fileURLToPath(new URL('../docker/', import.meta.url));

describe('the metrics of a node', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let ada: Person;
  let conversationId: string;

  beforeAll(async () => {
    app = await startApp({ env: { PARLEY_METRICS_PORT: '0' } });
    sockets = new Sockets(app);
    const team = await people(app, 'ada', 'ben');
    ada = team.ada;
    conversationId = await directOf(ada, team.ben);
    const socket = await sockets.connect(ada);
    await socket.say(conversationId, 'Hello, Ben!');
    await socket.raw('message:send', { conversationId, clientId: 'none', body: '' });
    await socket.command('sync', { epoch: 'of another history', cursors: { [conversationId]: 0 } });
    await ada.rest.get('/users/not-an-id');
  });

  afterAll(async () => {
    sockets.closeAll();
    await app.close();
  });

  const ask = (path = '/metrics', method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${app.app.get(MetricsServer).port}${path}`, { method });

  /** The value of a line such as `parley_sockets 1`; 0 when there is none. */
  async function value(line: string): Promise<number> {
    const text = await (await ask()).text();
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return Number(found?.split(' ').at(-1) ?? 0);
  }

  it.each([
    'parley_http_request_duration_seconds_count{method="POST",route="/v1/auth/register",status="201"}',
    'parley_http_request_duration_seconds_count{method="GET",route="/v1/users/:id",status="400"}',
    'parley_command_duration_seconds_count{command="message:send",outcome="ok"}',
    'parley_command_duration_seconds_count{command="message:send",outcome="refused"}',
    'parley_refusals_total{edge="rest",code="validation_failed"}',
    'parley_refusals_total{edge="socket",code="validation_failed"}',
    'parley_sockets',
    'parley_append_batch_messages_sum',
    'parley_append_wait_seconds_count',
    'parley_sync_messages_count',
    'parley_sync_resets_total',
    'parley_pool_connections{pool="messages",state="idle"}',
    'nodejs_eventloop_lag_p99_seconds',
  ])('show %s', async (line) => {
    await eventually(async () => expect(await value(line)).toBeGreaterThan(0));
  });

  it('count sockets that come, go, and are ended', async () => {
    const { cleo } = await people(app, 'cleo');
    const before = await value('parley_sockets');
    await sockets.connect(cleo);
    expect(await value('parley_sockets')).toBe(before + 1);
    await cleo.rest.post('/auth/logout');
    await eventually(async () => expect(await value('parley_sockets')).toBe(before));
  });

  it('show how old the oldest fact in the outbox is', async () => {
    await eventually(async () => expect(await value('parley_outbox_oldest_seconds')).toBeLessThan(5));
  });

  it('tell nothing about people', async () => {
    const text = await (await ask()).text();
    for (const secret of [ada.id, ada.username, conversationId, 'Hello']) expect(text).not.toContain(secret);
  });

  it('are not on the public port, and nothing else is on theirs', async () => {
    expect((await fetch(`${app.url}/metrics`)).status).toBe(404);
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(404);
  });

  it('are not taken without a port for them', async () => {
    const quiet = await startApp();
    expect(quiet.app.get(MetricsServer).port).toBeNull();
    await quiet.close();
  });

  it('have every name that the dashboard and the alerts use', async () => {
    const text = await (await ask()).text();
    const shown = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    const used = expressions().flatMap((expression) => expression.match(/\b(parley|nodejs|process)_\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(25);
    const base = (name: string): string => name.replace(/_(bucket|count|sum)$/, '');
    expect(used.filter((name) => !shown.has(name) && !shown.has(base(name)))).toEqual([]);
  });

  /** All that is asked of Prometheus. */
  function expressions(): string[] {
    const boards = readdirSync(join(docker, 'grafana/dashboards')).map(
      (name) =>
        JSON.parse(readFileSync(join(docker, 'grafana/dashboards', name), 'utf8')) as {
          panels: { targets: { expr: string }[] }[];
        },
    );
    const { groups } = parse(readFileSync(join(docker, 'prometheus/alerts.yml'), 'utf8')) as {
      groups: { rules: { expr: string }[] }[];
    };
    return [
      ...boards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
      ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ];
  }
});
