/**
 * Loaded before a server (`node --expose-gc --import …`): on SIGUSR2 it collects what is garbage and prints
 * how much memory is left in use. Twice, because what a finalizer lets go is found by the next collection.
 */
process.on('SIGUSR2', () => {
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed } = process.memoryUsage();
  process.stdout.write(`memory ${rss} ${heapUsed}\n`);
});
