import { broken, history, stored, text } from './evidence-builder.js';

describe('a message that several people see', () => {
  it('is the same for everybody', () => {
    const events = history().told('ada', text(2)).told('ben', text(2)).read('ben', text(2));
    expect(broken(events, stored([text(2)]))).toEqual([]);
  });

  it('may not be one thing for one and another for another', () => {
    const events = history()
      .told('ada', text(2))
      .told('ben', text(2, { body: 'something else' }));
    const edited = text(2, { changedSeq: 3, version: 2 });
    expect(broken(events, stored([edited]))).toEqual(['contradiction']);
  });

  it('may have changed between two looks', () => {
    const edited = text(2, { body: 'edited', changedSeq: 3, version: 2 });
    expect(broken(history().told('ada', text(2)).read('ben', edited), stored([edited]))).toEqual([]);
  });

  it('is in the database', () => {
    expect(broken(history().told('ben', text(2)), stored([], { lastSeq: 1 }))).toContain('contradiction');
  });

  it('is in the database with every change that was seen', () => {
    const edited = text(2, { body: 'edited', changedSeq: 3, version: 2 });
    expect(broken(history().told('ben', edited), stored([text(2)], { lastSeq: 3 }))).toEqual(['contradiction']);
  });
});
