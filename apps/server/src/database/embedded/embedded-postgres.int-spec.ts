import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { ChildProgram } from '../../../../../test/support/child-program.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.js';
import { EmbeddedPostgres } from './embedded-postgres.js';

const url = (line: string) => /^url (.*)/.exec(line)?.[1];
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('Not run by root: what is special about root is not tested');

describe('the embedded PostgreSQL', () => {
  let seed: ReturnType<typeof temporaryFolder>;
  let folder: ReturnType<typeof temporaryFolder>;
  let dataDir: string;
  let postgres: EmbeddedPostgres | null = null;

  // Making a cluster takes most of the time of a test, so there is one to copy.
  beforeAll(async () => {
    seed = temporaryFolder();
    await (await EmbeddedPostgres.start({ dataDir: seed.path, maxConnections: 10 })).stop();
  });

  beforeEach(() => {
    folder = temporaryFolder();
    dataDir = folder.path;
  });

  afterEach(async () => {
    await postgres?.stop();
    postgres = null;
    folder.remove();
  });

  afterAll(() => seed.remove());

  const copyCluster = () => cpSync(join(seed.path, 'postgres'), join(dataDir, 'postgres'), { recursive: true });

  async function start(): Promise<EmbeddedPostgres> {
    postgres = await EmbeddedPostgres.start({ dataDir, maxConnections: 10 });
    return postgres;
  }

  async function stop(): Promise<void> {
    await postgres?.stop();
    postgres = null;
  }

  async function query(at: string, sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: at });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Commits something that must be there later. */
  const remember = (at: string) => query(at, `CREATE TABLE kept AS SELECT 'this' AS word`);
  const recall = (at: string) => query(at, 'SELECT word FROM kept');
  const kept = [{ word: 'this' }];

  const pidFile = () => join(dataDir, 'postgres', 'postmaster.pid');
  const postmasterPid = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);

  it('keeps what was committed from one start to the next', async () => {
    await remember((await start()).url);
    await stop();
    expect(await recall((await start()).url)).toEqual(kept);
  });

  it('writes to the disk before it acknowledges', async () => {
    copyCluster();
    const settings = await query(
      (await start()).url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('full_page_writes') AS pages, current_setting('max_connections') AS connections`,
    );
    expect(settings).toEqual([{ fsync: 'on', commit: 'on', pages: 'on', connections: '10' }]);
  });

  it('lets in nobody without its password, and only from this machine', async () => {
    copyCluster();
    const address = new URL((await start()).url);
    expect(await query(address.href, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    address.password = 'guessed';
    await expect(query(address.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDir, 'postgres')).mode & 0o077).toBe(0);
  });

  it('stops and replaces the one that a killed server left behind', async () => {
    copyCluster();
    const server = ChildProgram.ofTypeScript('embedded-database', [dataDir]);
    await remember(await server.line(url));
    const orphan = postmasterPid();
    await server.kill('SIGKILL');
    expect(() => process.kill(orphan, 0)).not.toThrow();
    expect(await recall((await start()).url)).toEqual(kept);
    expect(postmasterPid()).not.toBe(orphan);
  });

  it('starts after the server and PostgreSQL were killed at the same moment', async () => {
    copyCluster();
    const server = ChildProgram.ofTypeScript('embedded-database', [dataDir]);
    await remember(await server.line(url));
    process.kill(postmasterPid(), 'SIGKILL');
    await server.kill('SIGKILL');
    expect(await recall((await start()).url)).toEqual(kept);
  });

  it('starts PostgreSQL again when it dies, where it was before', async () => {
    copyCluster();
    const pool = new Pool({ connectionString: (await start()).url });
    pool.on('error', () => undefined);
    await pool.query(`CREATE TABLE kept AS SELECT 'this' AS word`);
    process.kill(postmasterPid(), 'SIGKILL');
    await eventually(async () => expect((await pool.query('SELECT word FROM kept')).rows).toEqual(kept), 20_000);
    await pool.end();
  });

  it('starts although postmaster.pid names a process that is something else by now', async () => {
    copyCluster();
    await remember((await start()).url);
    await stop();
    const bystander = ChildProgram.ofTypeScript('lock-holder', [join(dataDir, 'elsewhere')]);
    const pid = await bystander.line((line) => (line === 'locked' ? bystander.pid : null));
    writeFileSync(pidFile(), `${pid}\n${join(dataDir, 'postgres')}\n1\n5432\n\n127.0.0.1\n   123 456\nready   \n`);
    if (isRoot) chownSync(pidFile(), statSync(join(dataDir, 'postgres')).uid, statSync(join(dataDir, 'postgres')).gid);
    expect(await recall((await start()).url)).toEqual(kept);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await bystander.kill('SIGKILL');
  });

  it('begins anew when a crash interrupted the making of the cluster', async () => {
    mkdirSync(join(dataDir, 'postgres.new-0123'));
    writeFileSync(join(dataDir, 'postgres.new-0123', 'PG_VERSION'), '18\n');
    await start();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  });

  it('refuses a cluster of another version and says what to do', async () => {
    mkdirSync(join(dataDir, 'postgres'));
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*Dump it/);
  });

  it('says nothing in its log about what is in the database', async () => {
    copyCluster();
    const { url: at } = await start();
    await query(at, `CREATE TABLE secrets (word text UNIQUE); INSERT INTO secrets VALUES ('whisper')`);
    await expect(query(at, `INSERT INTO secrets VALUES ('whisper')`)).rejects.toMatchObject({ code: '23505' });
    await stop();
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('database system is ready');
    expect(log).not.toContain('whisper');
    expect(log).not.toContain('secrets');
  });

  (isRoot ? describe : describe.skip)('started by root', () => {
    it('runs below a folder that only root may enter', async () => {
      chmodSync(dataDir, 0o700);
      dataDir = join(dataDir, 'data');
      mkdirSync(dataDir);
      await remember((await start()).url);
      await stop();
      expect(await recall((await start()).url)).toEqual(kept);
    });

    it('runs as somebody else, to whom its files belong', async () => {
      copyCluster();
      await start();
      expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0);
      expect(statSync(`/proc/${postmasterPid()}`).uid).not.toBe(0);
    });

    it('takes a cluster that root has copied or restored', async () => {
      copyCluster();
      expect(statSync(join(dataDir, 'postgres', 'PG_VERSION')).uid).toBe(0);
      expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
  });
});
