import { broken, history, stored, text } from './evidence-builder.js';

const one = stored([text(2)]);

describe('a message that is sent while somebody is connected', () => {
  it('is told to them', () => {
    expect(broken(history().connected('ben').send(text(2)).told('ben', text(2)), one)).toEqual([]);
    expect(broken(history().connected('ben').send(text(2)), one)).toEqual(['delivery-lost']);
  });

  it('is not made up for by their asking', () => {
    expect(broken(history().connected('ben').send(text(2)).read('ben', text(2)), one)).toEqual(['delivery-lost']);
  });

  it('need not be told when the connection has ended, or begun later', () => {
    expect(broken(history().connected('ben').send(text(2)).disconnected('ben'), one)).toEqual([]);
    expect(broken(history().send(text(2)).connected('ben'), one)).toEqual([]);
  });

  it('need not be told to strangers', () => {
    expect(broken(history().connected('cleo').send(text(2)), one)).toEqual([]);
  });
});
