import { existsSync } from 'node:fs';
import { prepare } from './lib/prepare.mjs';
import { main, requireNode, ROOT } from './lib/workspace.mjs';

/** `npm run check:counters`: every derived number of the database against a recount. */
await main(async () => {
  requireNode();
  process.chdir(ROOT);
  if (existsSync('.env')) process.loadEnvFile('.env');
  await prepare();
  await import(new URL('../apps/server/dist/check-counters.js', import.meta.url).href);
});
