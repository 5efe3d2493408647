import type { Problem } from '@parley/contracts';
import { pauseBefore, wait } from './wait.js';

/** The server does not answer, for longer than the replay is willing to wait. */
export class UnreachableError extends Error {}

/** The server refused a request for good. */
export class RefusedError extends Error {
  constructor(
    request: string,
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(`${request} was refused: ${status} ${problem.code ?? ''} ${problem.detail ?? ''}`.trim());
  }
}

export interface ApiRequest {
  body?: unknown;
  /** The access token, asked for before each try. */
  token?: () => Promise<string>;
}

const ANSWER_WITHIN_MS = 30_000;

/**
 * Calls the server's REST interface. Waits as long as the server says when it is too busy (429, 503),
 * and tries again while it is away, so a request may reach it twice: callers must be able to bear
 * that. What is refused for any other reason is refused for good.
 */
export class Api {
  /** Told when the server makes the replay wait for longer than a moment. */
  onHeldUp: (reason: string, ms: number) => void = () => undefined;

  constructor(
    readonly url: string,
    readonly signal: AbortSignal,
    /** How long the server may be away before the replay gives up. */
    readonly patienceMs: number,
  ) {}

  /** @throws UnreachableError, when nothing answers at once */
  async requireReachable(): Promise<void> {
    try {
      const answer = await fetch(new URL('/health', this.url), { signal: AbortSignal.timeout(5_000) });
      await answer.body?.cancel();
    } catch {
      throw new UnreachableError(`no server answers at ${this.url}`);
    }
  }

  get<T>(path: string, token: () => Promise<string>): Promise<T> {
    return this.request<T>('GET', path, { token });
  }

  /** @throws RefusedError, UnreachableError */
  async request<T>(method: string, path: string, request: ApiRequest = {}): Promise<T> {
    let awaySince: number | null = null;
    for (let attempt = 0; ; attempt += 1) {
      this.signal.throwIfAborted();
      const answer = await this.attempt(method, path, request);
      if (answer?.ok === true) return (answer.status === 204 ? undefined : await answer.json()) as T;
      const problem = answer === null ? null : await readProblem(answer);
      if (answer !== null && problem !== null && problem.retryable !== true) {
        throw new RefusedError(`${method} ${path}`, answer.status, problem);
      }
      // Too many requests is an answer of a server that is there; everything else tries the patience.
      awaySince = answer?.status === 429 ? null : (awaySince ?? Date.now());
      if (awaySince !== null && Date.now() - awaySince > this.patienceMs) {
        throw new UnreachableError(`${this.url} has been away for ${Math.round(this.patienceMs / 1_000)} s`);
      }
      const pauseMs = pauseBefore(attempt, problem?.retryInMs);
      if (problem !== null) this.onHeldUp(problem.code ?? String(answer?.status), pauseMs);
      await wait(pauseMs, this.signal);
    }
  }

  /** Null when there was no whole answer. */
  private async attempt(method: string, path: string, { body, token }: ApiRequest): Promise<Response | null> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers['authorization'] = `Bearer ${await token()}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const answer = await fetch(new URL(`/v1${path}`, this.url), {
        method,
        headers,
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // Read here, so that an answer cut short counts as none.
      const text = await answer.text();
      return new Response(answer.status === 204 ? null : text, { status: answer.status, headers: answer.headers });
    } catch {
      this.signal.throwIfAborted();
      return null;
    }
  }
}

/** The problem in a refusal. What does not look like one of Parley's is judged by its status. */
async function readProblem(answer: Response): Promise<Partial<Problem>> {
  const saidSeconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const said = Number.isFinite(saidSeconds) ? { retryInMs: saidSeconds * 1_000 } : {};
  const retryable = answer.status === 429 || [502, 503, 504].includes(answer.status);
  try {
    const problem = (await answer.json()) as Partial<Problem>;
    return { retryable, ...said, ...problem };
  } catch {
    return { retryable, ...said };
  }
}
