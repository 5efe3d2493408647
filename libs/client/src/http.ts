import { answerMissing, connectionFailed, isProblem, ParleyError, toParleyError } from './errors.js';
import { backoffMs } from './backoff.js';

const ANSWER_WITHIN_MS = 15_000;
const TRIES_MAX = 3;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where the access token for requests comes from. */
export interface Tokens {
  /** A token that is good for some time yet. */
  accessToken(): Promise<string>;
  /** Gets another one, because this one was refused. */
  renew(refused: string): Promise<string>;
}

/** Speaks REST with a Parley server; rejects with `ParleyError` and nothing else. */
export class Http {
  constructor(
    private readonly url: string,
    private readonly tokens: () => Tokens,
    /** Whether cookies travel with requests, also to a server of another origin. */
    private readonly withCookies = false,
  ) {}

  get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
    return this.ask<T>('GET', search.size === 0 ? path : `${path}?${search.toString()}`);
  }

  /**
   * Asks as the person who is logged in. What may be repeated without harm is repeated a few times when
   * the server says that it may succeed later; a POST never is.
   */
  async ask<T>(method: Method, path: string, body?: object): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.askOnce<T>(method, path, body);
      } catch (error) {
        const refusal = toParleyError(error);
        if (!refusal.retryable || method === 'POST' || failures === TRIES_MAX) throw refusal;
        await new Promise((resolve) => setTimeout(resolve, refusal.retryInMs ?? backoffMs(failures)));
      }
    }
  }

  /** Asks as nobody. */
  anonymous<T>(method: Method, path: string, body?: object, withinMs = ANSWER_WITHIN_MS): Promise<T> {
    return this.send<T>(method, path, body, null, withinMs);
  }

  private async askOnce<T>(method: Method, path: string, body?: object): Promise<T> {
    const tokens = this.tokens();
    const token = await tokens.accessToken();
    try {
      return await this.send<T>(method, path, body, token);
    } catch (error) {
      if (!(error instanceof ParleyError) || !isTokenRefusal(error)) throw error;
      return this.send<T>(method, path, body, await tokens.renew(token));
    }
  }

  private async send<T>(
    method: Method,
    path: string,
    body: object | undefined,
    token: string | null,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<T> {
    const response = await this.fetch(method, path, body, token, withinMs);
    if (response.status === 204) return undefined as T;
    const answer: unknown = await response.json().catch((error: unknown) => {
      throw toTrouble(error);
    });
    if (response.ok) return answer as T;
    throw isProblem(answer) ? ParleyError.of(answer) : connectionFailed(answer);
  }

  private async fetch(
    method: Method,
    path: string,
    body: object | undefined,
    token: string | null,
    withinMs: number,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    try {
      return await fetch(`${this.url}/v1${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(this.withCookies && { credentials: 'include' }),
        signal: AbortSignal.timeout(withinMs),
      });
    } catch (error) {
      throw toTrouble(error);
    }
  }
}

/** What kept an answer from coming, or from coming to its end. */
function toTrouble(error: unknown): ParleyError {
  const isLate = typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
  return isLate ? answerMissing() : connectionFailed(error);
}

/** Whether another access token may help. */
export function isTokenRefusal({ code }: ParleyError): boolean {
  return code === 'token_expired' || code === 'token_invalid';
}
