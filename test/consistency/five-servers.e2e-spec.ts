import { createDatabase, type TestDatabase } from '../support/database.js';
import { people } from '../support/people.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

describe('five servers', () => {
  let database: TestDatabase;
  let servers: ServerProcess[] = [];

  beforeAll(async () => {
    database = await createDatabase({ empty: true });
  });

  afterAll(async () => {
    await Promise.all(servers.map(({ program }) => program.kill('SIGTERM')));
    await database.drop();
  });

  it('started at once on an empty database all come up and serve the same people', async () => {
    const place = { databaseUrl: database.url };
    servers = await Promise.all(Array.from({ length: 5 }, () => startServer(place, { PARLEY_DATABASE_POOL: '2' })));
    const [first] = servers;
    if (first === undefined) throw new Error('There is no first server');
    const { ada } = await people(first, 'ada');
    for (const { url } of servers) {
      const me = await fetch(`${url}/v1/users/me`, { headers: { authorization: `Bearer ${ada.accessToken}` } });
      expect(await me.json()).toMatchObject({ id: ada.id });
    }
  }, 90_000);
});
