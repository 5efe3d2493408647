import { existsSync } from 'node:fs';
import { describePlaces } from './lib/places.mjs';
import { prepare } from './lib/prepare.mjs';
import { main, requireNode, ROOT } from './lib/workspace.mjs';

/**
 * `npm start`: from a fresh clone to a running server. The server runs in this process, so whatever
 * signal stops this one stops it.
 */
await main(async () => {
  requireNode();
  process.chdir(ROOT);
  // What the environment says already wins over the file.
  if (existsSync('.env')) process.loadEnvFile('.env');
  process.stdout.write(describePlaces(process.env));
  await prepare();
  stopWithNpm();
  await import(new URL('../apps/server/dist/main.js', import.meta.url).href);
});

/** npm passes every signal on but SIGKILL: without npm nobody would stop the server any more. */
function stopWithNpm() {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
