import { isAllowedOrigin } from './origins.js';

const config = {
  http: { host: '0.0.0.0', port: 3000, trustProxyHops: 0, allowedOrigins: ['https://chat.example.com'] },
};

describe('isAllowedOrigin', () => {
  it.each([
    ['a program, which sends none', undefined, 'parley.example.com'],
    ['its own page', 'http://localhost:3000', 'localhost:3000'],
    ['its own page behind TLS', 'https://parley.example.com', 'parley.example.com'],
    ['its own page on the default port', 'https://parley.example.com', 'parley.example.com:443'],
    ['its own page on IPv6', 'http://[::1]:3000', '[::1]:3000'],
    ['a listed page', 'https://chat.example.com', 'parley.example.com'],
  ])('allows %s', (_who, origin, host) => {
    expect(isAllowedOrigin(config, { origin, host })).toBe(true);
  });

  it.each([
    ['another site', 'https://evil.example.com', 'parley.example.com'],
    ['a page without an origin of its own', 'null', 'parley.example.com'],
    ['another port', 'http://localhost:4000', 'localhost:3000'],
    ['the listed name with another scheme', 'http://chat.example.com', 'parley.example.com'],
    ['a name that begins like the listed one', 'https://chat.example.com.evil.com', 'parley.example.com'],
    ['a subdomain', 'https://a.chat.example.com', 'parley.example.com'],
    ['nonsense', '://', 'parley.example.com'],
    ['an empty origin', '', 'parley.example.com'],
    ['a file', 'file://', ''],
    ['a page, when there is no host', 'http://localhost:3000', undefined],
  ])('refuses %s', (_who, origin, host) => {
    expect(isAllowedOrigin(config, { origin, host })).toBe(false);
  });
});
