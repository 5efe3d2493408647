import { LIMITS } from '@parley/contracts';
import type { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { startPresence, type PresenceNode } from '../../../../test/support/presence-node.js';
import { seedDirect, seedGroup, seedUsers } from '../../../../test/support/seed.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/id.js';
import { createDataSource } from '../database/data-source.js';
import type { Fact } from '../events/fact.js';

/** Who waits for the table of blocks, in this database. */
const WAITING = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'blocks'::regclass
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const TIMING = { typingEveryMs: 200, typingExpiresMs: 400 };

describe('typing', () => {
  let database: TestDatabase;
  let db: DataSource;
  let node: PresenceNode;
  let ada: Actor, ben: Actor, eve: Actor;
  let team: string;

  async function people(count: number): Promise<Actor[]> {
    return (await seedUsers(db, count)).map((userId) => ({ userId, sessionId: newId() }));
  }

  /** What was told about who types in a conversation, in order. */
  const told = (conversationId: string): [string, boolean][] =>
    node.published.flatMap((fact): [string, boolean][] =>
      fact.type === 'typing:changed' && fact.payload.conversationId === conversationId
        ? [[fact.payload.userId, fact.payload.typing]]
        : [],
    );

  function removal(conversationId: string, userId: string): Fact {
    return {
      type: 'conversation:left',
      audience: { userIds: [userId] },
      position: { conversationId, seq: 9, memberVersion: 2, left: [userId] },
      payload: { conversationId, seq: 9 },
    };
  }

  beforeAll(async () => {
    database = await createDatabase();
    db = await createDataSource(testConfig(database.url), []).initialize();
    node = await startPresence(database.url, TIMING);
  });

  beforeEach(async () => {
    [ada, ben, eve] = (await people(3)) as [Actor, Actor, Actor];
    team = await seedGroup(db, [ada.userId, ben.userId]);
  });

  afterAll(async () => {
    await node.close();
    await db.destroy();
    await database.drop();
  });

  it('is told to the conversation, and its end at once', async () => {
    await node.typing.start(ada, team);
    expect(node.published.at(-1)).toEqual({
      type: 'typing:changed',
      audience: { conversationId: team },
      payload: { conversationId: team, userId: ada.userId, typing: true },
    });
    await node.typing.stop(ada, team);
    await node.typing.stop(ada, team);
    expect(told(team)).toEqual([
      [ada.userId, true],
      [ada.userId, false],
    ]);
  });

  it('ends by itself', async () => {
    await node.typing.start(ada, team);
    await eventually(() => expect(told(team).at(-1)).toEqual([ada.userId, false]));
  });

  it('is told once in a while, however often it is said, also by several devices at once', async () => {
    await Promise.all([node.typing.start(ada, team), node.typing.start(ada, team), node.typing.start(ada, team)]);
    await node.typing.start(ada, team);
    await node.typing.start(ben, team);
    expect(told(team)).toEqual([
      [ada.userId, true],
      [ben.userId, true],
    ]);
    await eventually(async () => {
      await node.typing.start(ada, team);
      expect(told(team).filter(([userId, typing]) => userId === ada.userId && typing)).toHaveLength(2);
    });
    expect(told(team)).not.toContainEqual([ada.userId, false]);
  });

  it('cannot be told more often by stopping in between', async () => {
    await node.typing.start(ada, team);
    await node.typing.stop(ada, team);
    await node.typing.start(ada, team);
    await node.typing.start(ben, team);
    expect(told(team)).toEqual([
      [ada.userId, true],
      [ada.userId, false],
      [ben.userId, true],
    ]);
  });

  it('is refused to strangers and to those who left, who learn nothing from it', async () => {
    await db.query('UPDATE members SET left_seq = 1 WHERE conversation_id = $1 AND user_id = $2', [team, ben.userId]);
    const refusal = { code: 'conversation_not_found' };
    for (const actor of [eve, ben]) {
      await expect(node.typing.start(actor, team)).rejects.toMatchObject(refusal);
      await expect(node.typing.stop(actor, team)).rejects.toMatchObject(refusal);
    }
    await expect(node.typing.start(ada, newId())).rejects.toMatchObject(refusal);
    expect(told(team)).toEqual([]);
  });

  it('ends as soon as somebody is removed', async () => {
    await node.typing.start(ben, team);
    await db.query('UPDATE members SET left_seq = 9 WHERE conversation_id = $1 AND user_id = $2', [team, ben.userId]);
    node.bus.publish([[removal(team, ben.userId)]]);
    expect(told(team)).toEqual([
      [ben.userId, true],
      [ben.userId, false],
    ]);
    await expect(node.typing.start(ben, team)).rejects.toMatchObject({ code: 'conversation_not_found' });
  });

  it('is not told of somebody who is removed while their rights are looked up', async () => {
    const direct = await seedDirect(db, ada.userId, ben.userId);
    let starting: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      // Holds the look-up after the membership has been found.
      await tx.query('LOCK TABLE blocks IN ACCESS EXCLUSIVE MODE');
      starting = node.typing.start(ben, direct).catch((error: unknown) => error instanceof DomainError && error.code);
      await eventually(async () => expect(await db.query(WAITING)).toHaveLength(1));
      await db.query('UPDATE members SET left_seq = 9 WHERE conversation_id = $1 AND user_id = $2', [
        direct,
        ben.userId,
      ]);
      node.bus.publish([[removal(direct, ben.userId)]]);
    });
    expect(await starting).toBe('conversation_not_found');
    expect(told(direct)).toEqual([]);
  });

  it('is not told between people who block each other', async () => {
    const direct = await seedDirect(db, ada.userId, ben.userId);
    await db.query('INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)', [ada.userId, ben.userId]);
    await node.typing.start(ada, direct);
    await node.typing.start(ben, direct);
    await node.typing.stop(ben, direct);
    await node.typing.start(ben, team);
    expect(told(direct)).toEqual([]);
    expect(told(team)).toEqual([[ben.userId, true]]);
  });

  it('is told in a direct conversation', async () => {
    const direct = await seedDirect(db, ada.userId, ben.userId);
    await node.typing.start(ada, direct);
    expect(told(direct)).toEqual([[ada.userId, true]]);
  });

  it('is not told in large groups', async () => {
    const crowd = (await people(LIMITS.typingMembersMax)).map((actor) => actor.userId);
    const full = await seedGroup(db, [...crowd.slice(1), ada.userId]);
    const large = await seedGroup(db, [...crowd, ada.userId]);
    await node.typing.start(ada, large);
    await node.typing.start(ada, full);
    expect(told(large)).toEqual([]);
    expect(told(full)).toEqual([[ada.userId, true]]);
  });
});
