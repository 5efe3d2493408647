import { createHmac } from 'node:crypto';

const DIGESTS: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/**
 * A JWT made by hand, as no library would make it. `payload` is the JSON text itself if it is a text;
 * an algorithm without a digest leaves the signature empty.
 */
export function forgeToken(payload: object | string, secret: string, header: object = {}): string {
  const head = { alg: 'HS256', typ: 'JWT', ...header };
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const content = [JSON.stringify(head), text].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const digest = DIGESTS[head.alg];
  return `${content}.${digest === undefined ? '' : createHmac(digest, secret).update(content).digest('base64url')}`;
}
