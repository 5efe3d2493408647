import { jest } from '@jest/globals';
import type { Ack, Farewell, Problem } from '@parley/contracts';
import { Connection, type ConnectionSnapshot, type SocketLike } from './connection.js';
import { notLoggedIn, ParleyError } from './errors.js';

const MINUTE = 60_000;

/** A socket without a network: the test says what the server says, and sees what the client sends. */
class FakeSocket implements SocketLike {
  connected = false;
  readonly sent: { command: string; input: unknown; answer: (ack: Ack<unknown>) => void }[] = [];
  private readonly listeners = new Map<string, ((...values: never[]) => void)[]>();

  on(event: string, listener: (...values: never[]) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  emit(command: string, ...[input, answer]: unknown[]): void {
    this.sent.push({ command, input, answer: answer as (ack: Ack<unknown>) => void });
  }

  connect(): void {
    // The real one would look for a network.
  }

  disconnect(): void {
    this.connected = false;
  }

  says(event: string, payload?: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(payload as never);
  }

  async welcomes(): Promise<void> {
    this.connected = true;
    this.says('ready', { userId: 'ada', epoch: 'one' });
    await turn();
  }

  /** Ends the connection, if need be with a last word. */
  ends(farewell?: { reason: string; mayReconnect: boolean; retryInMs: number | null }): void {
    if (farewell !== undefined) this.says(farewell.mayReconnect ? 'server:draining' : 'session:ended', farewell);
    this.connected = false;
    this.says('disconnect', 'transport close');
  }

  /** Does not let the client in. */
  refuses(data?: Partial<Problem>): void {
    this.says('connect_error', Object.assign(new Error('refused'), { data }));
  }
}

/** Tokens with numbers; the test says when there are none. */
class FakeTokens {
  current = 1;
  readonly refused: string[] = [];
  trouble: ParleyError | null = null;

  accessToken(): Promise<string> {
    return this.trouble === null ? Promise.resolve(`token ${this.current}`) : Promise.reject(this.trouble);
  }

  renew(refused: string): Promise<string> {
    this.refused.push(refused);
    this.current += 1;
    return this.accessToken();
  }
}

/** Lets promises settle. */
async function turn(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

describe('a connection', () => {
  let sockets: FakeSocket[];
  let tokens: FakeTokens;
  let onReady: jest.Mock<() => Promise<void>>;
  let onSessionEnded: jest.Mock<() => void>;
  let onFact: jest.Mock<(...values: unknown[]) => void>;
  const opened: Connection[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    sockets = [];
    tokens = new FakeTokens();
    onReady = jest.fn(() => Promise.resolve());
    onSessionEnded = jest.fn();
    onFact = jest.fn();
  });
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.stop();
    jest.useRealTimers();
  });

  function open(): Connection {
    const connection = new Connection({
      url: 'http://127.0.0.1:1',
      tokens,
      onReady,
      onFact,
      onSessionEnded,
      wrapSocket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
    });
    opened.push(connection);
    return connection;
  }

  async function started(): Promise<Connection> {
    const connection = open();
    connection.start();
    await turn();
    return connection;
  }

  async function online(): Promise<Connection> {
    const connection = await started();
    await socket().welcomes();
    expect(shown(connection).state).toBe('online');
    return connection;
  }

  const socket = (): FakeSocket => sockets.at(-1)!;
  const shown = (connection: Connection): ConnectionSnapshot => connection.state.getSnapshot();

  /** How long it waits before the next try. */
  const pause = (connection: Connection): number => {
    const { retryAt } = shown(connection);
    if (retryAt === null) throw new Error('No try is planned');
    return retryAt - Date.now();
  };

  /** Waits until the next try has begun. */
  async function nextTry(connection: Connection): Promise<void> {
    const before = sockets.length;
    await jest.advanceTimersByTimeAsync(pause(connection) + 1);
    expect(sockets).toHaveLength(before + 1);
  }

  const farewell = (more: Partial<Farewell> | { reason: string }) => ({
    reason: 'server_draining',
    mayReconnect: true,
    retryInMs: null,
    ...more,
  });

  it('is online when what was missed is taken in, and not before', async () => {
    let inStep = (): void => undefined;
    onReady.mockReturnValue(new Promise((resolve) => (inStep = resolve)));
    const connection = await started();
    await socket().welcomes();
    expect(shown(connection)).toMatchObject({ state: 'connecting', reason: null });
    inStep();
    await turn();
    expect(shown(connection)).toEqual({ state: 'online', reason: null, error: null, retryAt: null });
  });

  it('outlives its token: warned of the end, it shows a fresh one', async () => {
    await online();
    socket().says('session:expiring', { expiresAt: '2030-01-01T00:00:00.000Z' });
    await turn();
    expect(tokens.refused).toEqual(['token 1']);
    expect(socket().sent).toMatchObject([{ command: 'auth:refresh', input: { accessToken: 'token 2' } }]);
  });

  it('survives when there is no fresh token to be had', async () => {
    const connection = await online();
    tokens.trouble = new ParleyError('server_busy', 'Later', { retryable: true });
    socket().says('session:expiring', {});
    await turn();
    expect(socket().sent).toEqual([]);
    expect(shown(connection).state).toBe('online');
  });

  it('gets another token when its own is refused', async () => {
    const connection = await started();
    socket().refuses({ code: 'token_expired', retryable: false });
    await turn();
    expect(tokens.refused).toEqual(['token 1']);
    await nextTry(connection);
    await socket().welcomes();
    expect(shown(connection).state).toBe('online');
  });

  it.each(['protocol_abuse', 'session_revoked', 'a reason of later years'])(
    'stays away when the server says so, for %s',
    async (reason) => {
      const connection = await online();
      socket().ends({ reason, mayReconnect: false, retryInMs: null });
      await turn();
      expect(shown(connection)).toEqual({ state: 'offline', reason, error: null, retryAt: null });
      await jest.advanceTimersByTimeAsync(10 * MINUTE);
      connection.retryNow();
      await turn();
      expect(sockets).toHaveLength(1);
      expect(onSessionEnded).toHaveBeenCalledTimes(reason === 'session_revoked' ? 1 : 0);
    },
  );

  it('takes a session that the server does not know any more for ended', async () => {
    const connection = await started();
    socket().refuses({ code: 'session_ended', retryable: false, detail: 'Over' });
    await turn();
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'session_revoked', retryAt: null });
    expect(shown(connection).error).toMatchObject({ code: 'session_ended' });
    expect(onSessionEnded).toHaveBeenCalledTimes(1);
  });

  it('is not kept from a new beginning by what the server said to an earlier one', async () => {
    const connection = await online();
    socket().ends(farewell({ reason: 'protocol_abuse', mayReconnect: false }));
    tokens.trouble = new ParleyError('connection_failed', 'No network', { retryable: true });
    connection.start();
    await turn();
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'unreachable' });
    tokens.trouble = null;
    await nextTry(connection);
    await socket().welcomes();
    expect(shown(connection).state).toBe('online');
  });

  it.each(['server_draining', 'a reason of later years'])('comes back when the server says, for %s', async (reason) => {
    const connection = await online();
    socket().ends({ reason, mayReconnect: true, retryInMs: 40_000 });
    expect(shown(connection)).toMatchObject({ state: 'offline', reason });
    expect(pause(connection)).toBeGreaterThanOrEqual(40_000);
    expect(pause(connection)).toBeLessThanOrEqual(60_000);
    await jest.advanceTimersByTimeAsync(39_999);
    expect(sockets).toHaveLength(1);
    await nextTry(connection);
  });

  it('comes back when a refusal says', async () => {
    const connection = await started();
    socket().refuses({ code: 'rate_limited', retryable: true, retryInMs: 40_000 });
    await turn();
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'unreachable' });
    expect(shown(connection).error).toMatchObject({ code: 'rate_limited' });
    expect(pause(connection)).toBeGreaterThanOrEqual(40_000);
    await nextTry(connection);
  });

  it('waits longer after each failure, 20 seconds at most, and begins anew after a success', async () => {
    const connection = await started();
    const pauses: number[] = [];
    for (let failures = 1; failures <= 10; failures += 1) {
      socket().refuses();
      await turn();
      pauses.push(pause(connection));
      await nextTry(connection);
    }
    const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000, 20_000];
    for (const [index, ceiling] of ceilings.entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pauses[index]).toBeLessThanOrEqual(ceiling);
    }
    await socket().welcomes();
    socket().ends();
    expect(pause(connection)).toBeLessThanOrEqual(500);
  });

  it.each([null, 1_000])(
    'does not come back at the same time as all others, asked to wait %p ms',
    async (retryInMs) => {
      const pauses = new Set<number>();
      for (let clients = 0; clients < 20; clients += 1) {
        const connection = await online();
        socket().ends(farewell({ retryInMs }));
        pauses.add(Math.round(pause(connection)));
      }
      expect(pauses.size).toBeGreaterThan(5);
    },
  );

  it('tries at once when the browser is online again, until it is stopped', async () => {
    const page = new EventTarget();
    const { addEventListener, removeEventListener } = page;
    Object.assign(globalThis, {
      addEventListener: addEventListener.bind(page),
      removeEventListener: removeEventListener.bind(page),
    });
    try {
      const connection = await online();
      page.dispatchEvent(new Event('online'));
      await turn();
      expect(sockets).toHaveLength(1);
      socket().ends(farewell({ retryInMs: 40_000 }));
      page.dispatchEvent(new Event('online'));
      await turn();
      expect(sockets).toHaveLength(2);
      expect(shown(connection)).toMatchObject({ state: 'connecting', reason: 'server_draining', retryAt: null });
      connection.stop();
      page.dispatchEvent(new Event('online'));
      await turn();
      expect(sockets).toHaveLength(2);
      expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'stopped' });
    } finally {
      for (const name of ['addEventListener', 'removeEventListener']) Reflect.deleteProperty(globalThis, name);
    }
  });

  it('answers a command with what the server answers', async () => {
    const connection = await online();
    const asked = [1, 2].map(() => connection.command('typing:start', { conversationId: 'tea' }));
    expect(socket().sent[0]).toMatchObject({ command: 'typing:start', input: { conversationId: 'tea' } });
    socket().sent[0]?.answer({ ok: true, data: null });
    socket().sent[1]?.answer({ ok: false, error: { code: 'action_forbidden', retryable: false } as Problem });
    expect(await asked[0]).toBeNull();
    await expect(asked[1]).rejects.toMatchObject({ code: 'action_forbidden' });
  });

  it('fails what waits for an answer when it breaks, and what is asked without it', async () => {
    const connection = await online();
    const waiting = connection.command('typing:start', { conversationId: 'tea' });
    socket().ends();
    const failed = { code: 'connection_failed', retryable: true, status: null };
    await expect(waiting).rejects.toMatchObject(failed);
    await expect(connection.command('typing:start', { conversationId: 'tea' })).rejects.toMatchObject(failed);
    expect(socket().sent).toHaveLength(1);
  });

  it('does not wait for ever for an answer', async () => {
    const connection = await online();
    const refusal = connection.command('typing:start', { conversationId: 'tea' }).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await refusal).toMatchObject({ code: 'answer_missing', retryable: true, status: null });
    expect(shown(connection).state).toBe('online');
  });

  it('does not wait for ever to be let in', async () => {
    const connection = await started();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'unreachable' });
    expect(shown(connection).error).toMatchObject({ code: 'answer_missing' });
    await nextTry(connection);
  });

  it('tries again when what was missed could not be read', async () => {
    onReady.mockRejectedValueOnce(new ParleyError('server_busy', 'Later', { retryable: true, retryInMs: 3_000 }));
    const connection = await started();
    await socket().welcomes();
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'unreachable' });
    expect(pause(connection)).toBeGreaterThanOrEqual(3_000);
    await nextTry(connection);
    await socket().welcomes();
    expect(shown(connection).state).toBe('online');
  });

  it('hears nothing more from a connection that is over', async () => {
    const connection = await online();
    const first = socket();
    first.ends();
    await nextTry(connection);
    await socket().welcomes();
    first.says('message:sent', { seq: 1 });
    first.ends(farewell({ mayReconnect: false }));
    await turn();
    expect(onFact).not.toHaveBeenCalled();
    socket().says('message:sent', { seq: 2 });
    expect(onFact.mock.calls).toEqual([['message:sent', { seq: 2 }]]);
    expect(shown(connection).state).toBe('online');
  });

  it('shows why the session has ended, when a request was told, and comes not back', async () => {
    const connection = await online();
    const waiting = connection.command('typing:start', { conversationId: 'tea' });
    const error = new ParleyError('refresh_token_reused', 'Stolen', { status: 401 });
    connection.giveUp(error);
    expect(shown(connection)).toEqual({ state: 'offline', reason: 'session_revoked', error, retryAt: null });
    await expect(waiting).rejects.toMatchObject({ code: 'connection_failed' });
    expect(socket().connected).toBe(false);
    connection.stop();
    expect(shown(connection).reason).toBe('session_revoked');
    await jest.advanceTimersByTimeAsync(10 * MINUTE);
    expect(sockets).toHaveLength(1);
  });

  it('stops trying when nobody is logged in', async () => {
    tokens.trouble = notLoggedIn();
    const connection = await started();
    expect(shown(connection)).toMatchObject({ state: 'offline', reason: 'stopped', retryAt: null });
    expect(shown(connection).error).toMatchObject({ code: 'not_logged_in' });
  });
});
