import type { Config } from '../config/config.js';

export interface RequestOrigin {
  /** The `Origin` header. */
  origin?: string | undefined;
  /** The `Host` header. */
  host?: string | undefined;
}

/**
 * Whether a page may use this server. REST and sockets ask this one function, because CORS alone
 * protects neither a WebSocket nor a simple request.
 *
 * Without an `Origin` it is not a page of another site: programs send none. The server's own page
 * always may; the scheme is left out of that comparison, since a proxy in front may speak TLS.
 */
export function isAllowedOrigin(config: Pick<Config, 'http'>, { origin, host }: RequestOrigin): boolean {
  if (origin === undefined) return true;
  if (config.http.allowedOrigins.includes(origin)) return true;
  return host !== undefined && isSameHost(origin, host);
}

function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  return originHost !== '' && URL.canParse(own) && new URL(own).host === originHost;
}
