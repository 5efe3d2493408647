import { randomUUID } from 'node:crypto';
import { COMMANDS, type CommandInput, type CommandName, type ErrorCode } from '@parley/contracts';
import { groupOf, removeFrom } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { ConnectRefused, Sockets } from '../support/sockets.js';
import { startApp, type RunningApp } from '../support/start-app.js';

/** Who may use which command. A new command without a row does not compile. */
const CALLERS = ['stranger', 'ex-member', 'member', 'admin', 'owner'] as const;
type Caller = (typeof CALLERS)[number];
type Outcome = 'allowed' | ErrorCode;

interface Situation {
  conversationId: string;
  /** A text of the owner's. */
  textSeq: number;
  /** Another one, which nothing else needs. */
  spareSeq: number;
  /** Somebody else in the conversation. */
  other: Person;
  caller: Person;
}

interface Row<N extends CommandName> {
  input(situation: Situation): CommandInput<N>;
  outcomes: Record<Caller, Outcome>;
}

const anybody: Record<Caller, Outcome> = {
  stranger: 'allowed',
  'ex-member': 'allowed',
  member: 'allowed',
  admin: 'allowed',
  owner: 'allowed',
};
const members: Record<Caller, Outcome> = {
  ...anybody,
  stranger: 'conversation_not_found',
  'ex-member': 'conversation_not_found',
};

const leaders: Record<Caller, Outcome> = { ...members, member: 'action_forbidden' };
const author: Record<Caller, Outcome> = { ...leaders, admin: 'action_forbidden' };

const ROWS: { [N in CommandName]: Row<N> } = {
  'message:send': {
    input: ({ conversationId }) => ({ conversationId, clientId: randomUUID(), body: 'Hello' }),
    outcomes: members,
  },
  'message:edit': {
    input: ({ conversationId, textSeq }) => ({ conversationId, seq: textSeq, body: 'Edited' }),
    outcomes: author,
  },
  'message:delete': {
    input: ({ conversationId, spareSeq }) => ({ conversationId, seq: spareSeq }),
    outcomes: leaders,
  },
  'reaction:add': {
    input: ({ conversationId, textSeq }) => ({ conversationId, seq: textSeq, emoji: '👍' }),
    outcomes: members,
  },
  'reaction:remove': {
    input: ({ conversationId, textSeq }) => ({ conversationId, seq: textSeq, emoji: '👍' }),
    outcomes: members,
  },
  'conversation:delivered': { input: ({ conversationId }) => ({ conversationId, seq: 1 }), outcomes: members },
  // Conversations that one does not belong to are answered as such, and nothing of them.
  sync: { input: ({ conversationId }) => ({ epoch: null, cursors: { [conversationId]: 1 } }), outcomes: anybody },
  'conversation:read': { input: ({ conversationId }) => ({ conversationId, seq: 1 }), outcomes: members },
  'typing:start': { input: ({ conversationId }) => ({ conversationId }), outcomes: members },
  'typing:stop': { input: ({ conversationId }) => ({ conversationId }), outcomes: members },
  // Whom one may not watch is left out of the answer; asking is allowed.
  'presence:watch': { input: ({ other }) => ({ userIds: [other.id] }), outcomes: anybody },
  'presence:unwatch': { input: ({ other }) => ({ userIds: [other.id] }), outcomes: anybody },
  'presence:set': { input: () => ({ state: 'away' }), outcomes: anybody },
  'auth:refresh': { input: ({ caller }) => ({ accessToken: caller.accessToken }), outcomes: anybody },
};

describe('authorization over sockets', () => {
  let app: RunningApp;
  let sockets: Sockets;
  let cast: Record<Caller, Person>;
  let conversationId: string;
  let textSeq: number;
  let spareSeq: number;

  beforeAll(async () => {
    app = await startApp();
    sockets = new Sockets(app);
    const { stranger, ex, member, admin, owner } = await people(app, 'stranger', 'ex', 'member', 'admin', 'owner');
    cast = { stranger, 'ex-member': ex, member, admin, owner };
    conversationId = await groupOf(owner, ex, member, admin);
    await owner.rest.patch(`/conversations/${conversationId}/members/${admin.id}`, { role: 'admin' });
    await removeFrom(conversationId, owner, ex);
    const socket = await sockets.connect(owner);
    textSeq = (await socket.say(conversationId, 'Hello')).seq;
    spareSeq = (await socket.say(conversationId, 'Hello again')).seq;
    socket.close();
  });

  afterAll(async () => {
    sockets.closeAll();
    await app.close();
  });

  it('lets nobody in without a token', async () => {
    const refusal = await sockets.refusal({});
    expect(refusal).toBeInstanceOf(ConnectRefused);
    expect(refusal.problem).toMatchObject({ status: 401, code: 'token_missing' });
  });

  describe.each(COMMANDS)('%s', (command) => {
    it.each(CALLERS)('by %s', async (caller) => {
      const { input, outcomes } = ROWS[command];
      const socket = await sockets.connect(cast[caller]);
      const other = caller === 'owner' ? cast.admin : cast.owner;
      const ack = await socket.raw(command, input({ conversationId, textSeq, spareSeq, other, caller: cast[caller] }));
      expect(ack.ok ? 'allowed' : ack.error.code).toBe(outcomes[caller]);
      socket.close();
    });
  });
});
