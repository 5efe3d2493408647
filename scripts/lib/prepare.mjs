import { build, listStale } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { withSetupLock } from './setup-lock.mjs';

/**
 * Makes a clone ready to run: installs when `node_modules` is not what the lock file says, builds
 * what was made from other sources. Does nothing, within milliseconds, when all is there.
 */
export async function prepare({ withBuild = true } = {}) {
  const isReady = () => isInstalled() && (!withBuild || listStale().length === 0);
  if (isReady()) return;
  await withSetupLock(async () => {
    if (!isInstalled()) await install();
    const stale = withBuild ? listStale() : [];
    if (stale.length > 0) await build(stale);
  });
}
