import { Clients } from '../support/clients.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { checkCounters, startServer, type ServerProcess } from '../support/server-process.js';
import { expectNothingLost, historyOf, SteadyLoad } from '../support/steady-load.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROUNDS = 3;

describe('a server that is killed under load', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startServer({ dataDir: folder.path });
  });

  afterAll(async () => {
    await server.program.kill('SIGTERM');
    folder.remove();
  });

  it('has lost no acknowledged message when it is back, and repeated none, every client shows them, and every counter is right', async () => {
    // The same port each time, so that the people find it again.
    const { port } = new URL(server.url);
    const everybody = await people(server, 'ada', 'ben', 'cleo', 'dora');
    const group = await groupOf(everybody.ada, everybody.ben, everybody.cleo, everybody.dora);
    const clients = new Clients(server);
    const load = new SteadyLoad(
      group,
      await Promise.all(Object.values<Person>(everybody).map((one) => clients.of(one))),
    );
    for (let round = 1; round <= ROUNDS; round += 1) {
      await load.progress(200);
      await server.program.kill('SIGKILL');
      server = await startServer({ dataDir: folder.path }, { PORT: port });
    }
    await load.progress(50);
    await load.stop();
    const history = await historyOf(everybody.ada, group);
    expectNothingLost(history, load.acknowledged);
    await load.expectInStep(history);
    clients.closeAll();
    const place = { dataDir: folder.path };
    expect(await checkCounters(place)).toMatchObject({
      code: 0,
      output: expect.stringContaining('no difference') as string,
    });
    await server.program.kill('SIGTERM');
    expect(await checkCounters(place)).toMatchObject({ code: 0 });
    server = await startServer(place);
  }, 240_000);
});
