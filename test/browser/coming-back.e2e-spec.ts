import {
  composer,
  count,
  messages,
  openConversation,
  reads,
  sees,
  send,
  slowDown,
  textsOf,
} from '../support/browser/chat.js';
import { inBrowser } from '../support/browser/in-browser.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { directOf } from '../support/groups.js';
import { people, type Person } from '../support/people.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

inBrowser('the web client in a bad network', (stage) => {
  let database: TestDatabase;
  let server: ServerProcess;
  let proxy: CuttingProxy;
  let viaProxy: string;
  let ada: Person, ben: Person;
  let id: string;

  beforeAll(async () => {
    database = await createDatabase();
    server = await startServer({ databaseUrl: database.url });
  });
  beforeEach(async () => {
    const { hostname, port } = new URL(server.url);
    proxy = await CuttingProxy.to(hostname, Number(port));
    viaProxy = `http://127.0.0.1:${proxy.localPort}`;
    ({ ada, ben } = await people(server, 'ada', 'ben'));
    id = await directOf(ada, ben);
  });
  afterEach(() => proxy.close());
  afterAll(async () => {
    await server.program.kill('SIGTERM');
    await database.drop();
  });

  it('sends once, and in order, what was written offline', async () => {
    const [adas, bens] = await Promise.all([stage.as(ada, viaProxy), stage.as(ben, server.url)]);
    await Promise.all([openConversation(adas, 'ben'), openConversation(bens, 'ada')]);
    proxy.cutAnswers();
    for (const text of ['one', 'two', 'three']) {
      await send(adas, text);
      await sees(adas, text, 'pending');
    }
    const banner = adas.getByRole('status', { name: 'Connection' });
    await reads(banner, /Offline/);
    await send(bens, 'meanwhile');
    await sees(bens, 'meanwhile');
    // On a slow device it takes several steps to draw what comes at once, in places before what is there already.
    await slowDown(adas, 6);
    proxy.heal();
    await adas.getByRole('button', { name: 'Try now' }).click();
    await reads(banner, '');
    for (const text of ['one', 'two', 'three', 'meanwhile']) {
      await sees(bens, text);
      await sees(adas, text);
    }
    // A message that has just come is measured before it is seen.
    await eventually(async () => {
      const texts = await textsOf(bens);
      expect(await textsOf(adas)).toEqual(texts);
      expect(texts.filter((text) => text !== 'meanwhile')).toEqual(['one', 'two', 'three']);
    });
  });

  it('goes on where it was when the server is killed and comes back', async () => {
    const adas = await stage.as(ada, server.url);
    await openConversation(adas, 'ben');
    await send(adas, 'before');
    await sees(adas, 'before');

    const { port } = new URL(server.url);
    await server.program.kill('SIGKILL');
    await send(adas, 'written while it was away');
    await reads(adas.getByRole('status', { name: 'Connection' }), /Offline|Reconnecting/);
    await sees(adas, 'written while it was away', 'pending');
    server = await startServer({ databaseUrl: database.url }, { PORT: port });

    await sees(adas, 'written while it was away');
    await eventually(async () => expect(await textsOf(adas)).toEqual(['before', 'written while it was away']));
    const bens = await stage.as(ben, server.url);
    await openConversation(bens, 'ada');
    await sees(bens, 'written while it was away');
    await count(messages(bens, /./), 2);
    await send(bens, 'after');
    await sees(adas, 'after');
  });

  it('keeps through a reload what was not sent yet, in the box and on its way', async () => {
    const page = await stage.as(ada, viaProxy);
    await openConversation(page, 'ben');
    await composer(page).pressSequentially('A long letter, not fini');
    await page.reload();
    await eventually(async () => expect(await composer(page).inputValue()).toBe('A long letter, not fini'));
    await composer(page).pressSequentially('shed');
    await composer(page).press('Enter');
    await sees(page, 'A long letter, not finished');
    await page.goto(`${viaProxy}/c/${id}`);
    await sees(page, 'A long letter, not finished');
    await eventually(async () => expect(await composer(page).inputValue()).toBe(''));
  });
});
