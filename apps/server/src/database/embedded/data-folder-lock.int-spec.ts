import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildProgram } from '../../../../../test/support/child-program.js';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.js';
import { DataFolderInUseError, DataFolderLock } from './data-folder-lock.js';

const says = (text: string) => (line: string) => (line === text ? true : null);

describe('the lock of a data folder', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(() => folder.remove());

  it('is held by one at a time, and the refusal names the folder', () => {
    const lock = DataFolderLock.acquire(folder.path);
    expect(() => DataFolderLock.acquire(folder.path)).toThrow(DataFolderInUseError);
    expect(() => DataFolderLock.acquire(folder.path)).toThrow(folder.path);
    lock.release();
    DataFolderLock.acquire(folder.path).release();
  });

  it('makes the folder', () => {
    DataFolderLock.acquire(join(folder.path, 'a', 'b')).release();
  });

  it('is free at once when its holder was killed', async () => {
    const holder = ChildProgram.ofTypeScript('lock-holder', [folder.path]);
    await holder.line(says('locked'));
    expect(() => DataFolderLock.acquire(folder.path)).toThrow(DataFolderInUseError);
    await holder.kill('SIGKILL');
    DataFolderLock.acquire(folder.path).release();
  });

  it('does not depend on what the file says', () => {
    writeFileSync(join(folder.path, 'server.lock'), `${process.pid}\n`);
    DataFolderLock.acquire(folder.path).release();
  });

  it('goes to exactly one of several that want it at the same moment', async () => {
    const programs = Array.from({ length: 4 }, () => ChildProgram.ofTypeScript('lock-holder', [folder.path]));
    const answers = await Promise.all(programs.map((program) => program.line((line) => line)));
    await Promise.all(programs.map((program) => program.kill('SIGKILL')));
    expect(answers.sort()).toEqual(['in use', 'in use', 'in use', 'locked']);
  });

  it('says what to do about a folder that cannot be used', () => {
    writeFileSync(join(folder.path, 'file'), '');
    expect(() => DataFolderLock.acquire(join(folder.path, 'file'))).toThrow(/Choose another with PARLEY_DATA_DIR/);
  });
});
