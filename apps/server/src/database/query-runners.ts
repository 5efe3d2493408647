import type { Client } from 'pg';
import type { QueryRunner } from 'typeorm';

/** TypeORM hands out the driver's connection untyped. */
export function connectionOf(runner: QueryRunner): Promise<Client> {
  return runner.connect() as Promise<Client>;
}

/** Closes the connection instead of handing it back to the pool: nobody knows what state it is in. */
export async function discard(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const client = await connectionOf(runner).catch(() => null);
  // NOTE: the pool drops a connection that is ending. `end` settles when the network says so.
  void client?.end().catch(() => undefined);
  await runner.release();
}
