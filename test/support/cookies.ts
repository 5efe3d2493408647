/** A cookie as a server sets it. Names of attributes are in lower case; those without a value have an empty one. */
export interface SetCookie {
  name: string;
  value: string;
  attributes: Record<string, string>;
}

/** Reads the only `Set-Cookie` of an answer; null when there is none. */
export function parseSetCookie(header: string | null): SetCookie | null {
  if (header === null) return null;
  const [[name, value], ...attributes] = header.split(';').map((part) => pairOf(part.trim())) as [
    [string, string],
    ...[string, string][],
  ];
  return { name, value, attributes: Object.fromEntries(attributes.map(([key, given]) => [key.toLowerCase(), given])) };
}

function pairOf(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}
