import { Turns } from './turns.js';

describe('turns', () => {
  const staying = (): void => undefined;

  it('are given at once while there are some, to each key its own', async () => {
    const turns = new Turns(2, 1);
    expect(await turns.take('ada', staying)).not.toBeNull();
    expect(await turns.take('ada', staying)).not.toBeNull();
    expect(await turns.take('ben', staying)).not.toBeNull();
  });

  it('pass to those who wait, in their order', async () => {
    const turns = new Turns(1, 2);
    const begun: string[] = [];
    const pass = await turns.take('ada', staying);
    const second = turns.take('ada', staying).then((end) => (begun.push('second'), end?.()));
    const third = turns.take('ada', staying).then((end) => (begun.push('third'), end?.()));
    expect(begun).toEqual([]);
    pass?.();
    await Promise.all([second, third]);
    expect(begun).toEqual(['second', 'third']);
    expect(turns.size).toBe(0);
  });

  it('are refused when too many wait', async () => {
    const turns = new Turns(1, 1);
    await turns.take('ada', staying);
    void turns.take('ada', staying);
    expect(await turns.take('ada', staying)).toBeNull();
  });

  it('pass by those who have left', async () => {
    const turns = new Turns(1, 1);
    const end = await turns.take('ada', staying);
    let leave = (): void => undefined;
    const gone = turns.take('ada', (call) => (leave = call));
    leave();
    expect(await gone).toBeNull();
    const next = turns.take('ada', staying);
    end?.();
    (await next)?.();
    expect(turns.size).toBe(0);
  });
});
