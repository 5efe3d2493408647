import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../support/child-program.js';
import { groupOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { Sockets, type TestSocket } from '../support/sockets.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DIST = fileURLToPath(new URL('../../apps/server/dist/', import.meta.url));

const MINUTES = 60_000;

describe('a backup', () => {
  const { path, remove } = temporaryFolder();
  const dataDir = join(path, 'data');
  const backup = join(path, 'backup');
  let server: ServerProcess;
  let sockets: Sockets;

  const start = async (): Promise<void> => {
    server = await startServer({ dataDir });
    sockets = new Sockets(server);
  };

  const stop = async (): Promise<void> => {
    sockets.closeAll();
    await server.program.kill('SIGTERM');
  };

  afterAll(async () => {
    await stop();
    remove();
  });

  /** Its exit code, and what it says. */
  async function run(name: 'backup' | 'restore'): Promise<{ code: number | null; said: string }> {
    const program = new ChildProgram([join(DIST, `${name}.js`), backup], { PARLEY_DATA_DIR: dataDir });
    const { code } = await program.exited;
    return { code, said: program.output };
  }

  async function connect(person: Person): Promise<{ socket: TestSocket; epoch: string }> {
    const socket = new Sockets(server).open({ auth: { token: person.accessToken } });
    const { epoch } = await socket.next('ready');
    return { socket, epoch };
  }

  it(
    'is restored under another epoch, so that clients begin anew',
    async () => {
      await start();
      const { ada } = await people(server, 'ada');
      const group = await groupOf(ada);
      expect(await run('backup')).toEqual({ code: 1, said: expect.stringContaining('Another Parley server') });
      await stop();
      expect(await run('backup')).toMatchObject({ code: 0 });

      await start();
      const before = await connect(ada);
      await before.socket.say(group, 'Written after the backup');
      before.socket.close();
      await stop();
      expect(await run('restore')).toEqual({ code: 1, said: expect.stringContaining('move it away first') });
      rmSync(dataDir, { recursive: true });
      expect(await run('restore')).toMatchObject({ code: 0 });
      expect(existsSync(`${dataDir}.unfinished`)).toBe(false);

      await start();
      const after = await connect(ada);
      expect(after.epoch).not.toBe(before.epoch);
      const cursors = { [group]: 2 };
      const ack = await after.socket.command('sync', { epoch: before.epoch, cursors });
      after.socket.close();
      expect(ack).toMatchObject({ ok: true, data: { updates: [{ kind: 'reset', head: 1 }] } });
    },
    3 * MINUTES,
  );
});
