import { clientAddress } from './client-address.js';

describe('clientAddress', () => {
  const address = '10.0.0.7';
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.4, 10.0.0.3' };

  it('is the address of the peer when no proxy is trusted', () => {
    expect(clientAddress({ address, headers }, 0)).toBe('10.0.0.7');
  });

  it('is what the outermost trusted proxy saw, whatever the client claims', () => {
    expect(clientAddress({ address, headers }, 1)).toBe('10.0.0.3');
    expect(clientAddress({ address, headers }, 2)).toBe('198.51.100.4');
  });

  it('is the address of the peer when the header names too few', () => {
    expect(clientAddress({ address, headers: {} }, 1)).toBe('10.0.0.7');
    expect(clientAddress({ address, headers }, 4)).toBe('10.0.0.7');
  });
});
