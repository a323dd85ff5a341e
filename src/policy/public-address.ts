import { isMapped, readAddressAsWritten } from './ip-address.ts';
import { allowsAddress, type IpAllowlist, parseIpAllowlist } from './ip-allowlist.ts';

/** What the special-purpose registries of IANA take out of the public Internet (RFC 6890 and after), and multicast. */
const NOT_PUBLIC = compiled([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);

/** All that is given to anybody in IPv6; loopback, link-local and private addresses are outside. */
const GLOBAL_V6 = compiled(['2000::/3']);

/** Addresses that stand for IPv4 ones behind a translator (RFC 6052), as three words. */
const NAT64 = [0x0064ff9b, 0, 0];

/**
 * Whether an address leads to the public Internet. One that stands for an IPv4 address (mapped, or of NAT64) is judged as
 * that; a text that is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  const words = readAddressAsWritten(text);
  if (words === null) return false;
  if (words.length === 1) return !allowsAddress(NOT_PUBLIC, text);
  if (isMapped(words) || NAT64.every((word, at) => words[at] === word)) return isPublicWord(words[3] as number);
  return allowsAddress(GLOBAL_V6, text) && !allowsAddress(NOT_PUBLIC, text);
}

function isPublicWord(word: number): boolean {
  return isPublicAddress([24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.'));
}

function compiled(entries: readonly string[]): IpAllowlist {
  const parsed = parseIpAllowlist(entries);
  if (!parsed.ok) throw new TypeError(`a list of our own does not parse: ${parsed.errors[0]?.message}`);
  return parsed.list;
}
