import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AuthView, ConversationSummary, Page } from '@parley/contracts';
import { ChildProgram } from './support/child-program.js';
import { eventually } from './support/eventually.js';
import { rest, type Rest } from './support/rest.js';
import { temporaryFolder } from './support/temporary-folder.js';

const SCRIPT = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));

describe('npm run demo', () => {
  const folder = temporaryFolder();
  let demo: ChildProgram;

  beforeAll(() => {
    demo = new ChildProgram([SCRIPT, '--pace', '0.02'], { PORT: '0', TMPDIR: folder.path, NO_COLOR: '1' });
  });

  afterAll(async () => {
    // Not harder: it has a server to stop.
    await demo.kill('SIGINT');
    folder.remove();
  });

  /** Robin, as the demo says how to log in. */
  async function logIn(): Promise<Rest> {
    const url = await demo.line((line) => /Log in at +(http:\S+)\//.exec(line)?.[1], 60_000);
    const [username, password] = await demo.line((line) => {
      const [, ...found] = /as +(\w+) +password +(\S+)/.exec(line) ?? [];
      return found.length === 2 ? (found as [string, string]) : undefined;
    });
    const { body } = await rest({ url }).post<AuthView>('/auth/login', { username, password });
    return rest({ url }, { token: () => body.accessToken });
  }

  it('tells the story, talks with who logs in, and leaves nothing behind', async () => {
    const robin = await logIn();
    const { body } = await robin.get<Page<ConversationSummary>>('/conversations');
    const titles = body.items.map(({ conversation }) => conversation.title);
    expect(titles).toEqual(expect.arrayContaining(['Launch week', 'Design', 'Launch party']));
    const launch = body.items.find(({ conversation }) => conversation.title === 'Launch week');
    expect(launch).toMatchObject({ mentions: 1 });
    const id = launch?.conversation.id ?? '';

    const clientId = '0192f0c1-7b5e-7c3a-9d1e-3f2a1b4c5d6e';
    const sent = await robin.post<{ seq: number }>(`/conversations/${id}/messages`, { clientId, body: 'Hello, all!' });
    await demo.line((line) => line.includes(`wrote number ${sent.body.seq}; mara`) || undefined);
    await eventually(async () => {
      const { body: message } = await robin.get(`/conversations/${id}/messages/${sent.body.seq}`);
      expect(message).toMatchObject({ reactions: [{ emoji: '👋' }] });
    });

    expect(await demo.kill('SIGINT')).toEqual({ code: 0, signal: null });
    expect(demo.output).toContain('again: status 200');
    expect(demo.output).toContain('action_forbidden');
    expect(readdirSync(folder.path).filter((name) => name.startsWith('parley-'))).toEqual([]);
  });
});
