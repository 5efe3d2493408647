import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ServerProcess } from './server-process.js';

const PROGRAM = fileURLToPath(new URL('../peers/bare-postgres.ts', import.meta.url));
const TYPESCRIPT = ['--import', import.meta.resolve('tsx'), '--conditions=@parley/source'];

/** Rows per second that PostgreSQL alone takes in batches, with its client on the same core. */
export async function measureBareInserts(warmUpMs: number, measureMs: number): Promise<number> {
  const folder = temporaryFolder();
  const args = [...TYPESCRIPT, PROGRAM, folder.path, String(warmUpMs), String(measureMs)];
  const program = new ServerProcess(args, { TSX_TSCONFIG_PATH: process.env['TSX_TSCONFIG_PATH'] ?? '' });
  try {
    const line = await program.done();
    const [, rowsPerSecond] = /"rowsPerSecond":([\d.]+)/.exec(line) ?? [];
    if (rowsPerSecond === undefined) throw new Error(`PostgreSQL alone was not measured:\n${program.output}`);
    return Number(rowsPerSecond);
  } finally {
    await program.stop();
    folder.remove();
  }
}
