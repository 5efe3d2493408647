import { DISCONNECTS } from '@parley/contracts';
import { newId } from '../../common/id.js';
import type { Change, Fact, Position } from '../fact.js';
import { decodeEnvelope, type Envelope } from './envelope.js';
import { packSmall } from './small-envelopes.js';

const MAX_BYTES = 1_000;
const sender = { node: 'node a', epoch: 'epoch 1' };

function pack(...changes: Change[]): { envelopes: Envelope[]; dropped: number } {
  const { texts, dropped } = packSmall(sender, changes, MAX_BYTES);
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
  return { envelopes: texts.map((text) => decodeEnvelope(text) as Envelope), dropped };
}

function left(seq: number, people: Partial<Position> = {}): Fact {
  return {
    type: 'conversation:left',
    audience: { userIds: ['ada'] },
    position: { conversationId: 'team', seq, memberVersion: 1, ...people },
    payload: { conversationId: 'team', seq },
  };
}

function ended(sessionIds: string[]): Fact {
  return {
    type: 'session:ended',
    audience: { sessionIds },
    payload: { reason: 'session_revoked', ...DISCONNECTS.session_revoked },
  };
}

function renamed(displayName: string): Fact {
  const user = { id: 'ada', username: 'ada', displayName, createdAt: '' };
  return { type: 'user:changed', audience: { conversationId: 'team' }, payload: { user } };
}

describe('packSmall', () => {
  it('puts many changes into few envelopes, in order', () => {
    const changes = Array.from({ length: 30 }, (_, index): Change => [left(index)]);
    const { envelopes } = pack(...changes);
    expect(envelopes.length).toBeLessThan(10);
    expect(envelopes.flatMap((envelope) => envelope.changes ?? [])).toEqual(changes);
    expect(envelopes[0]).toMatchObject(sender);
  });

  it('counts bytes, not characters', () => {
    const changes = Array.from({ length: 10 }, (): Change => [renamed('é'.repeat(80))]);
    expect(pack(...changes).envelopes.flatMap((envelope) => envelope.changes ?? [])).toEqual(changes);
  });

  it('tells only where a large change belongs, between its neighbours', () => {
    const people = { joined: ['ben'], left: ['cleo'] };
    const large: Change = [left(2, people), { ...renamed('A'.repeat(MAX_BYTES)), position: left(2, people).position }];
    const { envelopes, dropped } = pack([left(1)], large, [left(3)]);
    expect(envelopes).toEqual([
      { ...sender, changes: [[left(1)]] },
      { ...sender, hint: { conversationId: 'team', seq: 2, memberVersion: 1, ...people } },
      { ...sender, changes: [[left(3)]] },
    ]);
    expect(dropped).toBe(0);
  });

  it('spreads many people who joined over several hints', () => {
    const joined = Array.from({ length: 60 }, newId);
    const { envelopes } = pack([left(1, { joined })]);
    expect(envelopes.flatMap((envelope) => envelope.hint?.joined ?? [])).toEqual(joined);
    for (const { hint } of envelopes) expect(hint).toMatchObject({ conversationId: 'team', seq: 1, memberVersion: 1 });
  });

  it('splits a fact without a position by those it is addressed to', () => {
    const sessionIds = Array.from({ length: 60 }, newId);
    const { envelopes, dropped } = pack([ended(sessionIds)]);
    const facts = envelopes.flatMap((envelope) => envelope.changes ?? []).flat();
    expect(facts.flatMap(({ audience }) => ('sessionIds' in audience ? audience.sessionIds : []))).toEqual(sessionIds);
    expect(facts[0]).toMatchObject({ type: 'session:ended', payload: { reason: 'session_revoked' } });
    expect(dropped).toBe(0);
  });

  it('drops a large fact that has neither a position nor addressees, and only that', () => {
    const { envelopes, dropped } = pack([renamed('A'.repeat(MAX_BYTES))], [left(1)]);
    expect(envelopes).toEqual([{ ...sender, changes: [[left(1)]] }]);
    expect(dropped).toBe(1);
  });
});
