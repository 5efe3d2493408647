import type { MessagePage, MessageView } from '@parley/contracts';
import { startMessages, type MessagesNode } from '../../../../test/support/messages-node.js';
import { overtake } from '../../../../test/support/overtake.js';
import type { Actor } from '../common/actor.js';

describe('reading while one is removed', () => {
  let node: MessagesNode;
  let ada: Actor, ben: Actor;
  let team: string;

  beforeAll(async () => {
    node = await startMessages();
  });

  beforeEach(async () => {
    [ada, ben] = (await node.people(2)) as [Actor, Actor];
    team = await node.group(ada, ben);
    await node.say(ada, team, 'For Ben, too');
  });

  afterAll(() => node.close());

  /** Reads as Ben, who was found to be a member when this happens. */
  const readWhile = <T>(change: string, read: () => Promise<T>): Promise<PromiseSettledResult<T>> =>
    overtake(
      { databaseUrl: node.databaseUrl, id: team, lock: 'LOCK TABLE messages IN ACCESS EXCLUSIVE MODE', change },
      read,
    );

  const EDIT = `UPDATE messages SET body = 'secret', changed_seq = 4, version = 2, edited_at = now()
    WHERE conversation_id = $1 AND seq = 2`;
  const REMOVAL_AND_EDIT = `
    WITH removal AS (UPDATE members SET left_seq = 3 WHERE conversation_id = $1 AND role = 'member'),
         numbers AS (UPDATE conversation_heads SET last_seq = 4 WHERE conversation_id = $1)
    ${EDIT}`;

  const reads: [string, () => Promise<MessagePage | MessageView>][] = [
    ['a page', () => node.messages.history(ben, team, {})],
    ['a message', () => node.messages.get(ben, team, 2)],
  ];

  it.each(reads)('shows in %s nothing that was written after the removal', async (_what, read) => {
    const outcome = await readWhile(REMOVAL_AND_EDIT, read);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'conversation_not_found' } });
  });

  it.each(reads)('shows in %s an edit to somebody who is still a member', async (_what, read) => {
    const outcome = await readWhile(EDIT, read);
    expect(outcome.status).toBe('fulfilled');
    expect(JSON.stringify(outcome)).toContain('secret');
  });
});
