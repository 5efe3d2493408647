import { build } from './lib/build.mjs';
import { main, requireNode } from './lib/workspace.mjs';
import { withSetupLock } from './lib/setup-lock.mjs';

/** `npm run build`: builds everything, also what is not stale. */
await main(async () => {
  requireNode();
  await withSetupLock(() => build());
});
