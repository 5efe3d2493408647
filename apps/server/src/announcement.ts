import { Logger } from '@nestjs/common';
import type { Config } from './config/config.js';

interface Announcement {
  host: string;
  port: number;
  /** Which PostgreSQL, without its password. */
  database: string;
  config: Config;
}

/** Says where the server is: to people in a few lines, in production as one line of the log. */
export function announce({ host, port, database, config }: Announcement): void {
  const url = `http://${visibleHost(host)}:${port}`;
  const places = { page: `${url}/`, docs: `${url}/docs`, dataDir: config.dataDir, database };
  if (config.production) {
    new Logger('Parley').log(places, 'Parley is ready');
    return;
  }
  process.stdout.write(
    [
      '',
      '  Parley is ready.',
      '',
      `  Web page     ${places.page}`,
      `  API docs     ${places.docs}`,
      `  Data folder  ${places.dataDir}`,
      `  Database     ${places.database}`,
      '',
      '  Ctrl-C stops it.',
      '',
      '',
    ].join('\n'),
  );
}

/** An address that a browser on this machine can open. */
function visibleHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
