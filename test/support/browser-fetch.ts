import { parseSetCookie } from './cookies.js';

/** What a browser adds to the requests of a page to its own server: where the page is from, and the cookies. */
export class BrowserFetch {
  /** By name, with the path to which it is sent. */
  private readonly cookies = new Map<string, { value: string; path: string }>();
  private readonly plain = globalThis.fetch;

  /** Puts itself in the place of `fetch` until {@link restore}. */
  constructor() {
    globalThis.fetch = (input, init) => this.fetch(new Request(input, init));
  }

  restore(): void {
    globalThis.fetch = this.plain;
  }

  get cookie(): string | undefined {
    return this.cookies.get('parley_refresh')?.value;
  }

  private async fetch(request: Request): Promise<Response> {
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET') request.headers.set('origin', origin);
    const sent = [...this.cookies].filter(
      ([, { path }]) => request.credentials === 'include' && pathname.startsWith(path),
    );
    if (sent.length > 0) request.headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await this.plain(request);
    const set = parseSetCookie(response.headers.get('set-cookie'));
    if (set?.value === '') this.cookies.delete(set.name);
    else if (set !== null) this.cookies.set(set.name, { value: set.value, path: set.attributes['path'] ?? '/' });
    return response;
  }
}
