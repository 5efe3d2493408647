import { broken, history, stored, text } from './evidence-builder.js';

const both = stored([text(2), text(3)]);

describe('the order', () => {
  it('on a connection is that of the numbers', () => {
    expect(broken(history().told('ben', text(2)).told('ben', text(3)), both)).toEqual([]);
    expect(broken(history().told('ben', text(3)).told('ben', text(2)), both)).toEqual(['order']);
    expect(broken(history().told('ben', text(2)).told('ben', text(2)), both)).toEqual(['order']);
  });

  it('begins anew with another connection', () => {
    const events = history().told('ben', text(3));
    events.events.push({ ...history().told('ben', text(2)).events[0]!, connection: 2 } as never);
    expect(broken(events, both)).toEqual([]);
  });

  it('of two sends on one connection is that in which they began', () => {
    const events = history().send(text(2)).send(text(3));
    const [beginOne, endOne, beginOther, endOther] = events.events;
    events.events.splice(0, 4, beginOne!, beginOther!, endOne!, endOther!);
    expect(broken(events, both)).toEqual([]);
    events.events.splice(0, 4, beginOther!, beginOne!, endOther!, endOne!);
    expect(broken(events, both)).toEqual(['order']);
  });

  it('of sends over two connections that overlap may be either', () => {
    const events = history().send(text(2), 'ok', { connection: 2 }).send(text(3));
    const [beginOne, endOne, beginOther, endOther] = events.events;
    events.events.splice(0, 4, beginOther!, beginOne!, endOther!, endOne!);
    expect(broken(events, both)).toEqual([]);
  });

  it('of a send and what was known before it is that of time', () => {
    const elsewhere = { client: "ada's phone", connection: null };
    expect(broken(history().send(text(2)).send(text(3), 'ok', elsewhere), both)).toEqual([]);
    expect(broken(history().send(text(3)).send(text(2), 'ok', elsewhere), both)).toEqual(['order']);
  });

  it('of a repetition is that of the first try', () => {
    const elsewhere = { client: "ada's phone", connection: null };
    const events = history().send(text(2), 'unknown').send(text(3), 'ok', elsewhere).send(text(2), 'ok', elsewhere);
    expect(broken(events, both)).toEqual([]);
  });
});
