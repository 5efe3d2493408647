import { Logger } from '@nestjs/common';
import type { Ack } from '@parley/contracts';
import type { RateLimiter } from '../common/rate-limiter.js';
import { DomainError } from '../common/domain-error.js';
import { CommandDispatcher, type Acknowledge } from './command-dispatcher.js';
import type { CommandTable, TableEntry } from './command-table.js';
import type { Connection } from './connection.js';
import { SetPresenceDto } from './dto/set-presence.dto.js';
import type { PacketGuard } from './packet-guard.js';
import type { PacketWriter } from './packet-writer.js';
import { Refusals } from './refusals.js';

describe('CommandDispatcher', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log']));

  let handle: TableEntry['handle'];
  let limited: string[];
  let faults: number;
  let refusedBy: string | null;
  let connection: Connection;

  beforeEach(() => {
    handle = async () => null;
    limited = [];
    faults = 0;
    refusedBy = null;
    connection = {
      actor: { userId: 'ada', sessionId: 'a session' },
      commands: null,
      ready: true,
      ending: false,
      expiresAt: Date.now() + 60_000,
    } as Connection;
  });

  function dispatch(...event: unknown[]): void {
    const entry: TableEntry = {
      input: SetPresenceDto,
      pipelined: false,
      limit: 'send',
      handle: (...of) => handle(...of),
    };
    const table = { find: (name: unknown) => (name === 'presence:set' ? entry : undefined) } as CommandTable;
    const limiter = {
      consume: async (limit: string, key: string) => {
        limited.push(`${limit} of ${key}`);
        if (limit === refusedBy) throw new DomainError('rate_limited', 'Too many', { retryInMs: 7 });
      },
    } as unknown as RateLimiter;
    const guard = { fault: () => (faults += 1) } as unknown as PacketGuard;
    const dispatcher = new CommandDispatcher(table, limiter, guard, new Refusals(), {} as PacketWriter);
    const last = event.at(-1);
    const ack = typeof last === 'function' ? (last as Acknowledge) : null;
    dispatcher.receive(connection, ack === null ? event : event.slice(0, -1), ack);
  }

  async function answersTo(...event: unknown[]): Promise<Ack<unknown>[]> {
    const answers: Ack<unknown>[] = [];
    await new Promise<void>((resolve) => {
      dispatch(...event, (answer: Ack<unknown>) => {
        answers.push(answer);
        setImmediate(resolve);
      });
    });
    return answers;
  }

  const failure = (code: string): unknown[] => [{ ok: false, error: expect.objectContaining({ code }) }];
  const away = { state: 'away' };

  it('answers with what the handler returns, and with null for nothing', async () => {
    handle = async () => ({ some: 'data' });
    expect(await answersTo('presence:set', away)).toEqual([{ ok: true, data: { some: 'data' } }]);
    handle = async () => undefined;
    expect(await answersTo('presence:set', away)).toEqual([{ ok: true, data: null }]);
  });

  it('hands over the validated input of the command', async () => {
    let given: unknown;
    handle = async (_connection, input) => {
      given = input;
    };
    await answersTo('presence:set', away);
    expect(given).toBeInstanceOf(SetPresenceDto);
    expect(given).toEqual(away);
  });

  it('never takes what a handler returns for an event', async () => {
    handle = async () => ({ event: 'disconnect', data: {} });
    expect(await answersTo('presence:set', away)).toEqual([{ ok: true, data: { event: 'disconnect', data: {} } }]);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'throws',
      () => {
        throw new TypeError('secret');
      },
    ],
    ['rejects', async () => Promise.reject(new TypeError('secret'))],
    [
      'throws what is no error',
      async () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a handler that does what it should not
        throw { secret: true };
      },
    ],
  ])('answers internal_error and tells nothing when a handler %s', async (_how, failing) => {
    handle = failing;
    const answers = await answersTo('presence:set', away);
    expect(answers).toEqual(failure('internal_error'));
    expect(JSON.stringify(answers)).not.toContain('secret');
  });

  it('answers with the refusal of the domain', async () => {
    handle = async () => Promise.reject(new DomainError('conversation_not_found', 'There is no such conversation'));
    expect(await answersTo('presence:set', away)).toEqual(failure('conversation_not_found'));
  });

  it('says that the database is away when it is', async () => {
    handle = async () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    expect(await answersTo('presence:set', away)).toEqual(failure('service_unavailable'));
  });

  it('counts every command, and some once more, against the limits of the person', async () => {
    await answersTo('presence:set', away);
    expect(limited).toEqual(['command of ada', 'send of ada']);
    for (const limit of ['command', 'send']) {
      refusedBy = limit;
      handle = async () => Promise.reject(new Error('must not run'));
      expect(await answersTo('presence:set', away)).toEqual(failure('rate_limited'));
    }
  });

  it('refuses everything once the token has expired', async () => {
    connection.expiresAt = Date.now() - 1;
    expect(await answersTo('presence:set', away)).toEqual(failure('token_expired'));
  });

  it('refuses everything once the connection is being ended', async () => {
    connection.ending = true;
    expect(await answersTo('presence:set', away)).toEqual(failure('server_draining'));
  });

  it('carries out nothing that cannot be answered, and counts it as a fault', () => {
    handle = async () => Promise.reject(new Error('must not run'));
    dispatch('presence:set', away);
    dispatch('presence:set');
    dispatch();
    expect(faults).toBe(3);
    expect(connection.commands).toBeNull();
  });

  it('keeps nothing of a command once it is answered', async () => {
    await answersTo('presence:set', away);
    expect(connection.commands).toBeNull();
  });
});
