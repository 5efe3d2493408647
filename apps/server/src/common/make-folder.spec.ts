import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

describe('a folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-folder-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is made with those above it, and is no trouble when it is there', () => {
    const path = join(folder, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('may lie behind a link', () => {
    symlinkSync(folder, join(folder, 'link'), 'junction');
    makeFolder(join(folder, 'link', 'a'));
    expect(statSync(join(folder, 'a')).isDirectory()).toBe(true);
  });

  it('cannot be where a file is, nor below one', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(folder, 'file', 'a'))).toThrow();
  });
});
