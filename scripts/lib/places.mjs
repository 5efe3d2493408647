import { resolve } from 'node:path';
import { ROOT } from './workspace.mjs';

/** Where a person finds this Parley, from its settings: lines for the terminal. */
export function describePlaces(environment) {
  const page = pageAddress(environment.HOST || '127.0.0.1', environment.PORT || '3000');
  const dataDir = resolve(ROOT, environment.PARLEY_DATA_DIR || '.parley');
  return [
    '',
    '  Parley',
    '',
    `  Web page     ${page ?? 'told when the server is ready'}`,
    `  API docs     ${page === null ? 'told when the server is ready' : `${page}docs`}`,
    `  Data folder  ${dataDir}`,
    '',
    '',
  ].join('\n');
}

/** Null when it is not known before the server listens, or host or port are none (the server then says so). */
function pageAddress(host, port) {
  if (!/^\d{1,5}$/.test(port) || Number(port) === 0 || Number(port) > 65_535) return null;
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}/`;
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
  return /^[\w.:-]+$/.test(host) && URL.canParse(address) ? address : null;
}
