interface Origin {
  address: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The address that a connection comes from: that of the peer, or, behind `hops` proxies that each add
 * one to `X-Forwarded-For`, the one that the outermost of them saw. What stands further left in that
 * header is the client's own claim.
 */
export function clientAddress({ address, headers }: Origin, hops: number): string {
  if (hops === 0) return address;
  const header = headers['x-forwarded-for'];
  const claimed = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((part) => part.trim());
  return claimed.filter((part) => part !== '').at(-hops) ?? address;
}
