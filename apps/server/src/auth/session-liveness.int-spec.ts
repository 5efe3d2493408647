import { startAccounts, type AccountsNode } from '../../../../test/support/accounts-node.js';
import { CuttingProxy } from '../../../../test/support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { statementsDuring } from '../../../../test/support/statements.js';

describe('the check whether a session lives', () => {
  let database: TestDatabase;
  let node: AccountsNode;
  beforeAll(async () => {
    database = await createDatabase();
    node = await startAccounts(database.url);
  });
  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const refusal = (code: string) => expect.objectContaining({ code });
  /** Ends a session as another node would whose notice has not come yet. */
  const endSilently = (sessionId: string): Promise<unknown> =>
    node.dataSource.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [sessionId]);

  it('fails at once when the session is ended on this node', async () => {
    const { actor, view } = await node.register('ada-here');
    await node.tokens.verify(view.accessToken);
    await node.sessions.endCurrent(actor);
    await expect(node.tokens.verify(view.accessToken)).rejects.toEqual(refusal('session_ended'));
  });

  it('fails at once when another node makes the end known', async () => {
    const { actor, view } = await node.register('ada-there');
    await node.tokens.verify(view.accessToken);
    await endSilently(actor.sessionId);
    node.bus.publish([
      [
        {
          type: 'session:ended',
          audience: { sessionIds: [actor.sessionId] },
          payload: { reason: 'session_revoked', mayReconnect: false, retryInMs: null },
        },
      ],
    ]);
    await expect(node.tokens.verify(view.accessToken)).rejects.toEqual(refusal('session_ended'));
  });

  it('fails within about a second when no notice comes', async () => {
    const { actor, view } = await node.register('ada-unheard');
    await node.tokens.verify(view.accessToken);
    await endSilently(actor.sessionId);
    await eventually(
      () => expect(node.tokens.verify(view.accessToken)).rejects.toEqual(refusal('session_ended')),
      1_500,
    );
  });

  it('asks the database once for many requests of a second', async () => {
    const { view } = await node.register('ada-busy');
    const fiftyRequests = () => Promise.all(Array.from({ length: 50 }, () => node.tokens.verify(view.accessToken)));
    const statements = await statementsDuring(node.dataSource, fiftyRequests);
    expect(statements.filter((sql) => sql.includes('FROM sessions'))).toHaveLength(1);
  });

  it('refuses while the database is away, and does not remember that', async () => {
    const { view } = await node.register('ada-waits');
    const { hostname, port } = new URL(database.url);
    const proxy = await CuttingProxy.to(hostname, Number(port));
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.localPort}`;
    const remote = await startAccounts(url.href);
    try {
      proxy.cutAnswers();
      await expect(remote.tokens.verify(view.accessToken)).rejects.toEqual(refusal('service_unavailable'));
      proxy.heal();
      await eventually(() => remote.tokens.verify(view.accessToken));
    } finally {
      await remote.close();
      await proxy.close();
    }
  });
});
