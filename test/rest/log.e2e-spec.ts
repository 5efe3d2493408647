import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AuthView, ConversationView } from '@parley/contracts';
import { io } from 'socket.io-client';
import { createApp } from '../../apps/server/src/app.factory.js';
import { testConfig } from '../support/config.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { people, type Person } from '../support/people.js';
import { rest } from '../support/rest.js';

describe('the log', () => {
  let database: TestDatabase;
  let app: NestExpressApplication;
  let url: string;
  let log = '';

  beforeAll(async () => {
    database = await createDatabase();
    const config = testConfig(database.url, { NODE_ENV: 'production', PARLEY_LOG_LEVEL: 'trace' });
    app = await createApp(config, { write: (line) => (log += line) });
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('tells who did what, and holds no secret and no word that was said', async () => {
    const { ada, ben } = await people({ url }, 'ada', 'ben');
    const login = await rest({ url }).post<AuthView>('/auth/login', { username: ada.username, password: ada.password });
    await rest({ url }).post('/auth/login', { username: ada.username, password: 'not-the-password' });
    await rest({ url }).post('/auth/refresh', { refreshToken: login.body.refreshToken });
    await ada.rest.get('/users?query=confidential-search');
    const { body: direct } = await ada.rest.post<ConversationView>('/conversations', {
      kind: 'direct',
      memberIds: [ben.id],
    });
    const path = `/conversations/${direct.id}/messages`;
    await ada.rest.post(path, { clientId: randomUUID(), body: 'confidential over REST' });
    await ada.rest.post(path, { clientId: randomUUID(), body: 'confidential-and-invalid', nonsense: true });
    await ada.rest.post(path, '{"body":"confidential-and-broken');
    await talkOverSocket(ada, direct.id);

    await eventually(() => expect(log).toContain('/v1/conversations/:id/messages'));
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        method: 'POST',
        route: '/v1/conversations/:id/messages',
        status: 201,
        userId: ada.id,
        ms: expect.any(Number),
        requestId: expect.any(String),
      }),
    );
    const secrets = [ada, ben].flatMap((person) => [person.password, person.accessToken, person.refreshToken]);
    for (const secret of [
      ...secrets,
      login.body.accessToken,
      login.body.refreshToken,
      'not-the-password',
      'confidential',
    ]) {
      expect(log).not.toContain(secret);
    }
  });

  async function talkOverSocket(person: Person, conversationId: string): Promise<void> {
    const socket = io(url, { auth: { token: person.accessToken } });
    try {
      await new Promise((resolve) => socket.once('ready', resolve));
      await socket
        .timeout(5_000)
        .emitWithAck('message:send', { conversationId, clientId: randomUUID(), body: 'confidential over a socket' });
      await socket.timeout(5_000).emitWithAck('message:send', { conversationId, body: 'confidential-and-refused' });
      await socket.timeout(5_000).emitWithAck('nonsense', { body: 'confidential-and-unknown' });
    } finally {
      socket.disconnect();
    }
  }
});
