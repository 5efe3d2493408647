import { ChildProgram } from '../../../test/support/child-program.js';

describe('the lifetime of the process', () => {
  const run = (way: string) => ChildProgram.ofTypeScript('lifetime', [way]);
  const said = (text: string) => (line: string) => (line === text ? true : null);
  const closings = (program: ChildProgram) => program.output.split('\n').filter((line) => line.startsWith('closed'));
  const inOrder = ['closed the last', 'closed the first'];

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s, and closes in the opposite order', async (signal) => {
    const program = run('');
    await program.line(said('started'));
    expect(await program.kill(signal)).toEqual({ code: 0, signal: null });
    expect(closings(program)).toEqual(inOrder);
  });

  it('ends with 0 on a signal in the middle of its start, and closes what was open by then', async () => {
    const program = run('starts slowly');
    await program.line(said('starting'));
    expect(await program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(closings(program)).toEqual(['closed the first']);
  });

  it('says why it cannot start, without a stack, and ends with 1', async () => {
    const program = run('fails');
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.output).toContain('This is why.');
    expect(program.output).not.toContain('    at ');
    expect(closings(program)).toEqual(['closed the first']);
  });

  it.each(['throws', 'rejects'])('ends with 1, in order, when something %s and nobody catches it', async (way) => {
    const program = run(way);
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.output).toContain('An error that nobody caught');
    expect(closings(program)).toEqual(inOrder);
  });

  it('closes the others when one cannot be closed', async () => {
    const program = run('cannot close');
    await program.line(said('started'));
    expect(await program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(closings(program)).toEqual(inOrder);
  });

  it('ends at once on a second signal, but takes the echo of the first for what it is', async () => {
    const program = run('hangs');
    await program.line(said('started'));
    const before = performance.now();
    const ended = program.kill('SIGINT');
    await program.line(said('closed the last'));
    const again = setInterval(() => void program.kill('SIGINT'), 100);
    expect(await ended).toEqual({ code: 1, signal: null });
    clearInterval(again);
    expect(performance.now() - before).toBeGreaterThan(500);
  });

  it('ends with 0 even when something hangs', async () => {
    const program = run('hangs');
    await program.line(said('started'));
    expect(await program.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
