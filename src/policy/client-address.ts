import { canonicalAddress } from './ip-address.ts';
import { allowsAddress, type IpAllowlist } from './ip-allowlist.ts';

/**
 * The address a request came from: the peer of the connection, or, while that is a trusted proxy, the nearest hop to
 * the left that is not one (all trusted: the leftmost).
 * @param forwarded every line of the one configured header, in order; other headers are never consulted.
 * @param trustedProxies null trusts none.
 * @returns the canonical text; null when it cannot be known (no peer address, or a hop that is not an address).
 */
export function clientAddress(
  peer: string | null,
  forwarded: readonly string[],
  trustedProxies: IpAllowlist | null,
): string | null {
  let client = peer === null ? null : canonicalAddress(peer);
  if (trustedProxies === null) return client;
  for (let line = forwarded.length - 1; line >= 0; line--) {
    let end = (forwarded[line] as string).length;
    while (end >= 0) {
      if (client === null || !allowsAddress(trustedProxies, client)) return client;
      const start = (forwarded[line] as string).lastIndexOf(',', end - 1) + 1;
      client = canonicalAddress(trimBlanks((forwarded[line] as string).slice(start, end)));
      end = start - 1;
    }
  }
  return client;
}

/** Takes SP and TAB off both ends (RFC 9110 OWS); any other white space makes the hop unreadable. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === ' ' || text[start] === '\t')) start++;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(start, end);
}
