import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ADAPTER = new URL('../../dist/http/http-adapter.js', import.meta.url).href;

/** Holds the first requests at the same place until all of them are there, and says whether they are of one kind. */
const PROGRAM = `
  import { createServer } from 'node:http';
  import express from 'express';
  const sameKind = new Function('one', 'other', 'return %HaveSameMap(one, other)');
  const HELD = 4;

  async function isOfOneKind(app, server) {
    let held = [];
    let same = true;
    app.use((request, response) => {
      request.marked = true;
      held.push([request, response]);
      if (held.length < HELD) return;
      const [[first, answer]] = held;
      same = held.every(([other, another]) => sameKind(first, other) && sameKind(answer, another));
      for (const [, response] of held) response.end();
      held = [];
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = 'http://127.0.0.1:' + server.address().port;
    // V8 needs some to find out how large they get.
    for (let round = 0; round < 50; round += 1) {
      await Promise.all(Array.from({ length: HELD }, () => fetch(url).then((answer) => answer.text())));
    }
    server.closeAllConnections();
    server.close();
    return same;
  }

  const { HttpAdapter } = await import('${ADAPTER}');
  const adapter = new HttpAdapter();
  adapter.initHttpServer();
  const plain = express();
  console.log(JSON.stringify({
    ours: await isOfOneKind(adapter.getInstance(), adapter.getHttpServer()),
    plain: await isOfOneKind(plain, createServer(plain)),
  }));
`;

describe('requests and responses', () => {
  let found: { ours: boolean; plain: boolean };

  beforeAll(async () => {
    const options = ['--allow-natives-syntax', '--input-type=module', '--eval', PROGRAM];
    const { stdout } = await run(process.execPath, options, { cwd: new URL('.', import.meta.url) });
    found = JSON.parse(stdout) as typeof found;
  });

  it('are of one kind for V8, so that it knows where their properties are', () => {
    expect(found.ours).toBe(true);
  });

  it('would not be with Express alone, up to Node.js 22', () => {
    const [major = 0] = process.versions.node.split('.').map(Number);
    expect(found.plain).toBe(major >= 24);
  });
});
