/** Ends with 0 when the server of this container takes requests: `/health/ready` is 200. */
try {
  const port = process.env['PORT'] || '3000';
  const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
