import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ChildProgram } from '../support/child-program.js';
import { createDatabase } from '../support/database.js';
import { people } from '../support/people.js';
import { launchServer, startServer, type ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const itOnLinux = process.platform === 'linux' ? it : it.skip;

describe('the server process', () => {
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

  const isWell = async () => (await fetch(`${server.url}/health/ready`)).status === 200;

  it('says where it is and serves there', async () => {
    expect(await isWell()).toBe(true);
    expect(server.program.output).toContain(`"docs":"${server.url}/docs"`);
    expect(server.program.output).toContain(`"dataDir":"${folder.path}"`);
    expect(server.program.output).not.toMatch(/postgres:\/\/[^"]*:[^"]*@/);
  });

  it('does not share its data folder with a second one, which says so and leaves', async () => {
    const second = launchServer({ dataDir: folder.path });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output).toContain(`is using the data folder ${folder.path}`);
    expect(await isWell()).toBe(true);
  });

  it('keeps what people did from one start to the next, and ends with 0', async () => {
    const { ada } = await people(server, 'ada');
    expect(await server.program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    server = await startServer({ dataDir: folder.path });
    const again = await fetch(`${server.url}/v1/users/me`, { headers: { authorization: `Bearer ${ada.accessToken}` } });
    expect(await again.json()).toMatchObject({ id: ada.id });
  });

  it('names the port that is taken and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const elsewhere = temporaryFolder();
    const refused = launchServer({ dataDir: elsewhere.path }, { PORT: String(port) });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.output).toContain(`Cannot listen on 127.0.0.1 port ${port}: another program uses it`);
    elsewhere.remove();
    await new Promise((resolve) => other.close(resolve));
  });

  itOnLinux('names the data folder that cannot be made and ends with 1, with either database', async () => {
    const settings = { PARLEY_DATA_DIR: '/proc/x', PARLEY_JWT_SECRET: '' };
    const database = await createDatabase();
    const embedded = launchServer({ dataDir: '/proc/x' }, settings);
    const external = launchServer({ databaseUrl: database.url }, settings);
    expect(await embedded.exited).toEqual({ code: 1, signal: null });
    expect(embedded.output).toContain('Cannot use the data folder /proc/x');
    expect(await external.exited).toEqual({ code: 1, signal: null });
    expect(external.output).toContain('The secret in /proc/x/jwt-secret cannot be made');
    await database.drop();
  });

  it('names every setting that is wrong and ends with 1', async () => {
    const refused = launchServer({ dataDir: folder.path }, { PORT: 'many', PARLEY_JWT_SECRET: 'short', PARLEY_X: '1' });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.output).toMatch(/PORT must be .*PARLEY_JWT_SECRET must have .*PARLEY_X is not a setting/s);
  });

  it('refuses a host that is none before it has shown an address or begun to start anything', async () => {
    const dataDir = join(folder.path, 'unused');
    const refused = new ChildProgram(['scripts/start.mjs'], {
      HOST: 'not a host',
      PORT: '1',
      PARLEY_DATA_DIR: dataDir,
    });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.output).toContain('HOST must be an IP address or a host name');
    expect(refused.output).not.toContain('http://');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says which database does not let it in, without the password', async () => {
    const url = 'postgres://ada:the-password@127.0.0.1:1/parley';
    const refused = launchServer({ databaseUrl: url });
    await refused.line((line) => /Waiting for the database postgres:\/\/ada@127.0.0.1:1\/parley/.exec(line));
    expect(await refused.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(refused.output).not.toContain('the-password');
  });
});
