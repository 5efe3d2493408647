import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../apps/server/src/database/embedded/embedded-postgres.js';
import { Clients } from '../support/clients.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';
import { expectNothingLost, historyOf, SteadyLoad } from '../support/steady-load.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('a server whose PostgreSQL is restarted under load', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let postgres: EmbeddedPostgres;
  let app: RunningApp;
  let sockets: Sockets;
  let clients: Clients;

  beforeAll(async () => {
    folder = temporaryFolder();
    postgres = await EmbeddedPostgres.start({ dataDir: folder.path, maxConnections: 40 });
    app = await startApp({ databaseUrl: postgres.url });
    sockets = new Sockets(app);
    clients = new Clients(app);
  });

  afterAll(async () => {
    sockets.closeAll();
    clients.closeAll();
    await app.close();
    await postgres.stop();
    folder.remove();
  });

  /** Ends this test's own PostgreSQL; it is started again by itself. */
  function strike(signal: 'SIGKILL' | 'SIGINT'): void {
    const [pid] = readFileSync(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), signal);
  }

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'goes on after %s: nothing lost, nothing repeated, everything heard',
    async (signal) => {
      const everybody = await people(app, 'ada', 'ben', 'cleo');
      const group = await groupOf(everybody.ada, everybody.ben, everybody.cleo);
      const socket = await sockets.connect(everybody.ben);
      const writers = await Promise.all(Object.values<Person>(everybody).map((person) => clients.of(person)));
      const load = new SteadyLoad(group, writers);
      await load.progress(100);
      strike(signal);
      await load.progress(100);
      await load.stop();

      const history = await historyOf(everybody.ada, group);
      expectNothingLost(history, load.acknowledged);
      await load.expectInStep(history);
      const texts = history.filter(({ kind }) => kind === 'text');
      await socket.until(
        () => socket.messages(group).length >= texts.length || undefined,
        15_000,
        'not everything heard',
      );
      expect(socket.messages(group).map(({ seq }) => seq)).toEqual(texts.map(({ seq }) => seq));
    },
    60_000,
  );
});
