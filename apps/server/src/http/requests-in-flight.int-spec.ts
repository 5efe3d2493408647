import { LIMITS } from '@parley/contracts';
import { eventually } from '../../../../test/support/eventually.js';
import { problemOf, startProbe, type Gate, type ProbeApp } from '../../../../test/support/probe-app.js';
import { rawConnection, rawRequest, type RawAnswer } from '../../../../test/support/raw-http.js';

describe('the requests of one person that are in flight', () => {
  let probe: ProbeApp;
  let gate: Gate;

  beforeAll(async () => {
    probe = await startProbe();
  });

  beforeEach(() => {
    gate = probe.closeGate();
  });

  afterEach(() => gate.open());

  afterAll(() => probe.close());

  const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  const ask = (person: string, name: string): Promise<Response> =>
    fetch(`${probe.url}/v1/probe/gate/${name}`, { headers: { 'x-person': person } });
  const asking = (person: string, name: string, headers = { Connection: 'keep-alive' }): Buffer =>
    rawRequest(`GET /v1/probe/gate/${name}`, { 'X-Person': person, ...headers });

  const reached = (count: number): Promise<void> => eventually(() => expect(gate.reached).toHaveLength(count));

  /** As many as are carried out at the same time; resolves when they are. */
  async function occupyAllTurns(): Promise<{ answers: Promise<Response[]> }> {
    const answers = Promise.all(names('at-work-', LIMITS.requestsAtWorkMax).map((name) => ask('ada', name)));
    await reached(LIMITS.requestsAtWorkMax);
    return { answers };
  }

  /** Requests that arrive one after the other; when ben's at their end is carried out, all are here. */
  async function pipeline(...requests: Buffer[]): Promise<{ answer: Promise<RawAnswer>; hangUp: () => void }> {
    const { socket, answer } = rawConnection(probe.url);
    socket.write(Buffer.concat([...requests, asking('ben', 'bens', { Connection: 'close' })]));
    await eventually(() => expect(gate.reached).toContain('bens'));
    return { answer, hangUp: () => socket.destroy() };
  }

  it('are carried out in their order when it is their turn, and hold up nobody else', async () => {
    const { answers } = await occupyAllTurns();
    const waiting = names('waiting-', 20);
    const { answer } = await pipeline(...waiting.map((name) => asking('ada', name)));
    expect(gate.reached).toHaveLength(LIMITS.requestsAtWorkMax + 1);
    gate.open();
    expect((await answer).text.match(/HTTP\/1\.1 200/g)).toHaveLength(waiting.length);
    // The turns come in order; those who have theirs together may reach the gate in another.
    const reachedInTurn = gate.reached.slice(LIMITS.requestsAtWorkMax + 1);
    expect([...reachedInTurn].sort()).toEqual([...waiting].sort());
    const overtaken = reachedInTurn.map((name, at) => Math.abs(waiting.indexOf(name) - at));
    expect(Math.max(...overtaken)).toBeLessThan(LIMITS.requestsAtWorkMax);
    expect((await answers).map(({ status }) => status)).toEqual(names('', LIMITS.requestsAtWorkMax).map(() => 200));
  });

  it('are refused when too many wait', async () => {
    await occupyAllTurns();
    const waiting = names('waiting-', LIMITS.requestsWaitingMax);
    await pipeline(...waiting.map((name) => asking('ada', name)));
    const refused = await ask('ada', 'one-too-many');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too_many_in_flight', retryable: true });
  });

  it('are dropped when their client goes away before their turn', async () => {
    await occupyAllTurns();
    const { hangUp } = await pipeline(...names('gone-', 3).map((name) => asking('ada', name)));
    hangUp();
    await eventually(() => expect(probe.log()).toContain('"aborted":true'));
    const last = ask('ada', 'last');
    gate.open();
    expect(await (await last).text()).toBe('last');
    expect(gate.reached.filter((name) => name.startsWith('gone-'))).toEqual([]);
  });

  it('end their turn also when they fail', async () => {
    for (const _ of names('', LIMITS.requestsAtWorkMax + 1)) {
      const answer = await fetch(`${probe.url}/v1/probe/bug`, { headers: { 'x-person': 'ada' } });
      expect(answer.status).toBe(500);
    }
  });
});
