import request from 'supertest';
import { expectDescribed } from './described-answers.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What the server answered. A refusal's body is a `Problem`. */
export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/**
 * Asks a server over REST; paths begin behind `/v1`, as in `/users/me`. An answer that `docs/openapi.json` does
 * not describe fails the test that asked.
 */
export interface Rest {
  get<T = unknown>(path: string): Promise<Answer<T>>;
  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  patch<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  delete<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
}

export interface RestOptions {
  /** Asked for at each request, so that a refreshed token counts at once. */
  token?: () => string;
  headers?: Record<string, string>;
}

/** A string is sent as it is, for bodies that are not JSON; everything else as JSON. */
export function rest(app: { url: string }, { token, headers = {} }: RestOptions = {}): Rest {
  async function ask<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
    const asking = request(app.url)
      [method](`/v1${path}`)
      .set('user-agent', 'a test')
      .ok(() => true);
    if (token !== undefined) asking.auth(token(), { type: 'bearer' });
    if (body !== undefined) asking.type('json');
    const {
      status,
      text,
      headers: answered,
    } = await asking.set(headers).send(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    const answer = { status, body: (text === '' ? null : JSON.parse(text)) as T, headers: new Headers(answered) };
    expectDescribed(method, `/v1${path}`, answer);
    return answer;
  }
  return {
    get: (path) => ask('get', path),
    post: (path, body) => ask('post', path, body),
    put: (path, body) => ask('put', path, body),
    patch: (path, body) => ask('patch', path, body),
    delete: (path, body) => ask('delete', path, body),
  };
}
