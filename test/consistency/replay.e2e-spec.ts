import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { parseLog } from '../../tools/replay/log.js';
import { Progress } from '../../tools/replay/progress.js';
import { Replay, type ReplayResult } from '../../tools/replay/replay.js';
import { toScript, type Script } from '../../tools/replay/script.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { startApp, type RunningApp } from '../support/start-app.js';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A log with every oddity that logs have, and some that they should not have. */
const LOG = path('../fixtures/odd-conversation.jsonl');

const EXACT: Pick<ReplayResult, 'differences'> = { differences: [] };

/** Nothing is shown; tells when a step has been played. */
class Steps extends Progress {
  private played = 0;

  constructor(private readonly onStep: (played: number) => void = () => undefined) {
    super({ write: () => undefined });
  }

  override begin(label: string, total: number): void {
    super.begin(label, total);
    this.played = 0;
  }

  override advance(): void {
    super.advance();
    this.played += 1;
    this.onStep(this.played);
  }
}

describe('the replay of a conversation', () => {
  let app: RunningApp;
  let script: Script;
  let database: Client;
  let replays: Replay[];

  beforeAll(async () => {
    app = await startApp();
    database = new Client({ connectionString: app.databaseUrl });
    await database.connect();
    script = toScript(parseLog(readFileSync(LOG)));
  });
  beforeEach(() => {
    replays = [];
  });
  afterEach(() => replays.forEach((replay) => replay.close()));
  afterAll(async () => {
    await database.end();
    await app.close();
  });

  function replayOf(options: { url?: string; speed?: number; progress?: Progress } = {}): Replay {
    const { url = app.url, speed = null, progress = new Steps() } = options;
    const replay = new Replay(script, { url, title: 'odd', speed, progress, signal: new AbortController().signal });
    replays.push(replay);
    return replay;
  }

  /** The texts of the newest group, with the names under which their senders end. */
  async function stored(): Promise<string[]> {
    const { rows } = await database.query<{ said: string }>(
      `SELECT u.display_name || ': ' || m.body AS said
         FROM messages m JOIN users u ON u.id = m.sender_id
        WHERE m.kind = 'text' AND m.conversation_id = (SELECT id FROM conversations ORDER BY created_at DESC LIMIT 1)
        ORDER BY m.seq`,
    );
    return rows.map(({ said }) => said);
  }

  it('is exact, whatever the log holds', async () => {
    const result = await replayOf().run();
    expect(result).toMatchObject({ ...EXACT, messages: 39 });
    expect(result.deliveries.received).toBe(result.deliveries.expected);
    const texts = await stored();
    expect(texts).toHaveLength(39);
    expect(texts.slice(0, 4)).toEqual([
      'ada: good evening',
      'ben: hello ada',
      '][cleo][: /me waves',
      'dan^away:    indented, with trailing spaces   ',
    ]);
    expect(texts).toContain('ada: café in two pieces');
    expect(texts).toContain('gus: and now I am gus, the other one must have gone');
    expect(texts.at(-1)).toBe('ivy: last \u2028 words');
  });

  it('is exact when connections break on the way and answers get lost', async () => {
    const proxy = await CuttingProxy.to('127.0.0.1', Number(new URL(app.url).port));
    const progress = new Steps((played) => {
      if (played !== 20) return;
      proxy.cutAnswers();
      setTimeout(() => proxy.heal(), 300);
    });
    // The first leave is done, and its answer lost.
    proxy.cutAt('DELETE /v1/', 'after');
    const result = await replayOf({ url: `http://127.0.0.1:${proxy.localPort}`, progress }).run();
    await proxy.close();
    expect(result).toMatchObject(EXACT);
    expect(result.returns).toBeGreaterThan(10);
    expect(await stored()).toHaveLength(39);
  });

  it('keeps everybody connected for longer than an access token lasts', async () => {
    const briefly = await startApp({ env: { PARLEY_ACCESS_TOKEN_SECONDS: '5' } });
    // The log takes five minutes by its clock.
    const result = await replayOf({ url: briefly.url, speed: 40 }).run();
    await briefly.close();
    expect(result.seconds).toBeGreaterThan(6);
    expect(result).toMatchObject(EXACT);
  });

  it('finds what the server lost', async () => {
    const replay = replayOf();
    await replay.prepare();
    await replay.play();
    await replay.settle();
    await database.query("DELETE FROM messages WHERE body = 'and I am somebody else'");
    const { differences } = await replay.examine();
    expect(differences.map(({ kind, where, line }) => `${kind} ${where} ${line}`)).toContain('missing history 7');
    expect(differences.map(({ kind }) => kind)).toContain('gap');
  });

  it('finds a changed text, a wrong sender and a wrong name', async () => {
    const replay = replayOf();
    await replay.prepare();
    await replay.play();
    await replay.settle();
    await database.query("UPDATE messages SET body = 'and I am nobody' WHERE body = 'and I am somebody else'");
    await database.query(
      `UPDATE messages SET sender_id = (SELECT sender_id FROM messages WHERE body = 'no letter in my nick' LIMIT 1)
        WHERE body = 'nor in mine'`,
    );
    await database.query("UPDATE users SET display_name = 'hall' WHERE display_name = 'hal'");
    const { differences } = await replay.examine();
    expect(differences.map(({ kind, line }) => `${kind} ${line}`)).toEqual([
      'changed_text 7',
      'wrong_sender 51',
      'wrong_name null',
    ]);
  });

  describe('on the command line', () => {
    async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
      const flags = ['--import', 'tsx', '--conditions=@parley/source', '--no-warnings'];
      const env = { ...process.env, NODE_OPTIONS: '' };
      const child = spawn(process.execPath, [...flags, path('../../tools/replay/main.ts'), ...args], { env });
      let out = '';
      let err = '';
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, out, err };
    }

    it('tells that nothing differs, and exits with 0', async () => {
      const { code, out } = await run(LOG, '--url', app.url);
      expect(out).toContain('No differences');
      expect(out).toMatch(/^lines left out +6$/m);
      expect(out).toContain('line 33: a text cannot hold NUL');
      expect(code).toBe(0);
    });

    it('plays the first lines only', async () => {
      const { code, out } = await run(LOG, '--url', app.url, '--limit', '3');
      expect(out).toMatch(/^messages sent +3$/m);
      expect(code).toBe(0);
    });

    it('exits with 2 when the log is wrong, missing, or nobody answers', async () => {
      const nowhere = ['--url', 'http://127.0.0.1:9'];
      const [wrong, missing, unanswered] = await Promise.all([
        run(path('../../package.json'), ...nowhere),
        run('no-such-log.jsonl', ...nowhere),
        run(LOG, ...nowhere),
      ]);
      expect([wrong.code, missing.code, unanswered.code]).toEqual([2, 2, 2]);
      expect(wrong.err).toContain('line 1: is not JSON');
      expect(missing.err).toContain('cannot read no-such-log.jsonl');
      expect(unanswered.err).toContain('no server answers at http://127.0.0.1:9');
    });
  });
});
