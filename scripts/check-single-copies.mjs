import { readdirSync } from 'node:fs';
import { inRoot, readText } from './lib/workspace.mjs';

/**
 * Two copies of one of these would each have their own limits, adapters and classes: what is set on
 * one does not hold for the sockets of the other.
 */
const SINGLE = ['socket.io', 'engine.io', 'ws'];

const installed = [...listPackages('node_modules'), ...listWorkspacePackages()];
for (const name of SINGLE) {
  const copies = installed.filter((path) => path.endsWith(`node_modules/${name}`));
  const list = copies.map((path) => `${JSON.parse(readText(path, 'package.json')).version} at ${path}`).join(', ');
  process.stdout.write(`${copies.length === 1 ? 'ok' : 'not ok'}  ${name}: ${list || 'not installed'}\n`);
  if (copies.length !== 1) process.exitCode = 1;
}

function listWorkspacePackages() {
  return ['apps', 'libs'].flatMap((folder) =>
    listFolders(folder).flatMap((name) => listPackages(`${folder}/${name}/node_modules`)),
  );
}

/** Every package below a `node_modules`, those inside other packages too. */
function listPackages(folder) {
  return listFolders(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (name.startsWith('@')) return listPackages(path);
    return [path, ...listPackages(`${path}/node_modules`)];
  });
}

/** Folders, without links: a workspace package is linked into `node_modules`. */
function listFolders(folder) {
  try {
    const entries = readdirSync(inRoot(folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
