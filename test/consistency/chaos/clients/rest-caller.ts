import { refused, succeeded, unanswered, type Answer } from './outcome.js';

const ANSWER_WITHIN_MS = 15_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Asks a server over REST as somebody, and says what became of it in the words of a history. */
export class RestCaller {
  constructor(
    private readonly app: { url: string },
    private readonly token: string,
  ) {}

  async ask<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
    try {
      const response = await fetch(`${this.app.url}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      const answer = (text === '' ? null : JSON.parse(text)) as T;
      return response.ok ? succeeded(answer) : refused(answer as { code: string; retryable: boolean });
    } catch (error) {
      return unanswered(
        error instanceof Error && error.name === 'TimeoutError' ? 'answer_missing' : 'connection_failed',
      );
    }
  }
}
