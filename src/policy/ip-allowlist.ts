import { type AddressWords, formatAddress, isMapped, readAddressAsWritten, readClientAddress } from './ip-address.ts';

export const IP_ENTRIES_MAX = 256;

/** Where a token may be used from. */
export interface IpAllowlist {
  /** Canonical texts, in the order given, without repetition. */
  readonly entries: readonly string[];
  /** Sorted, disjoint [first, last] pairs, one word per bound. */
  readonly v4: readonly number[];
  /** The same with four words per bound. */
  readonly v6: readonly number[];
}

export type IpAllowlistResult =
  | { readonly ok: true; readonly list: IpAllowlist }
  | { readonly ok: false; readonly errors: readonly { readonly index: number; readonly message: string }[] };

interface Network {
  readonly text: string;
  readonly first: AddressWords;
  readonly last: AddressWords;
}

const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
const NO_RANGES: readonly number[] = Object.freeze([]);
const NOT_AN_ENTRY = 'must be an IP address such as 203.0.113.7 or 2001:db8::7, or a network such as 203.0.113.0/24';
const ANY_ADDRESS = 'allows every address; leave the list out to allow any address';

/**
 * Compiles an allowlist; every bad entry is reported with its index. A list that lets any IPv4 or any IPv6 address
 * through is refused unless `allowAny`; so are an empty one and one of more than 256 entries.
 */
export function parseIpAllowlist(
  entries: readonly string[],
  options: { readonly allowAny?: boolean } = {},
): IpAllowlistResult {
  if (entries.length === 0) return refuse(0, 'must not be empty; leave the list out to allow any address');
  if (entries.length > IP_ENTRIES_MAX) return refuse(IP_ENTRIES_MAX, `holds more than ${IP_ENTRIES_MAX} entries`);

  const networks: Network[] = [];
  const errors: { index: number; message: string }[] = [];
  for (const [index, entry] of entries.entries()) {
    const network = readNetwork(entry);
    if (typeof network === 'string') errors.push({ index, message: network });
    else networks.push(network);
  }
  if (errors.length > 0) return { ok: false, errors };

  const list: IpAllowlist = {
    entries: [...new Set(networks.map((network) => network.text))].slice(),
    v4: mergedRanges(networks, 1),
    v6: mergedRanges(networks, 4),
  };
  if (options.allowAny !== true && (isEverything(list.v4, 1) || isEverything(list.v6, 4))) {
    return refuse(firstThatOpens(networks), ANY_ADDRESS);
  }
  return { ok: true, list };
}

/** Whether a client may use the token; an unknown address (null) or one that is not an address never may. */
export function allowsAddress(list: IpAllowlist, address: string | null): boolean {
  const words = address === null ? null : readClientAddress(address);
  if (words === null) return false;
  return rangeFrom(words.length === 1 ? list.v4 : list.v6, words) !== -1;
}

/** Whether every address `inner` allows is allowed by `outer`. null is no restriction; a list that does not parse allows nothing. */
export function isIpSubset(inner: readonly string[] | null, outer: readonly string[] | null): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  const [wanted, allowed] = [parseIpAllowlist(inner, { allowAny: true }), parseIpAllowlist(outer, { allowAny: true })];
  if (!wanted.ok || !allowed.ok) return false;
  return areRangesWithin(wanted.list.v4, allowed.list.v4, 1) && areRangesWithin(wanted.list.v6, allowed.list.v6, 4);
}

function refuse(index: number, message: string): IpAllowlistResult {
  return { ok: false, errors: [{ index, message }] };
}

/** @returns the network, or what is wrong with the entry. */
function readNetwork(entry: string): Network | string {
  if (entry.includes('%')) return 'must not carry a zone; an interface name means something on one machine only';
  const slash = entry.indexOf('/');
  let address = readAddressAsWritten(slash === -1 ? entry : entry.slice(0, slash));
  if (address === null) return NOT_AN_ENTRY;
  const prefix = slash === -1 ? String(address.length * 32) : entry.slice(slash + 1);
  if (!PREFIX.test(prefix) || Number(prefix) > address.length * 32) {
    return `must have a prefix length from /0 to /${address.length * 32}`;
  }
  let bits = Number(prefix);
  if (isMapped(address) && bits >= 96) {
    address = address.slice(3);
    bits -= 96;
  }
  const first = address.map((word, at) => (word & maskOfWord(bits, at)) >>> 0);
  const last = first.map((word, at) => (word | ~maskOfWord(bits, at)) >>> 0);
  const text = bits === address.length * 32 ? formatAddress(first) : `${formatAddress(first)}/${bits}`;
  if (compareWords(first, 0, address) !== 0) return `names an address inside a network; write ${text} for the network`;
  return { text, first, last };
}

function maskOfWord(bits: number, at: number): number {
  const kept = Math.min(32, Math.max(0, bits - 32 * at));
  return kept === 0 ? 0 : -1 << (32 - kept);
}

function mergedRanges(networks: readonly Network[], width: number): readonly number[] {
  const sorted = networks
    .filter((network) => network.first.length === width)
    .sort((a, b) => compareWords(a.first, 0, b.first));
  const ranges: number[] = [];
  for (const { first, last } of sorted) {
    const lastAt = ranges.length - width;
    const end = ranges.slice(lastAt);
    if (ranges.length === 0 || compareWords(first, 0, successor(end)) > 0) ranges.push(...first, ...last);
    else if (compareWords(last, 0, end) > 0) ranges.splice(lastAt, width, ...last);
  }
  // A copy is as long as it must be; an array that was pushed to keeps room to grow, in every list that is cached.
  return ranges.length === 0 ? NO_RANGES : ranges.slice();
}

/** The next address; the last one is its own successor. */
function successor(words: AddressWords): AddressWords {
  const next = [...words];
  for (let at = next.length - 1; at >= 0; at--) {
    if (next[at] !== 0xffffffff) {
      next[at] = (next[at] as number) + 1;
      return next;
    }
    next[at] = 0;
  }
  return words;
}

/** Offset of the range that holds `words`, or -1. */
function rangeFrom(ranges: readonly number[], words: AddressWords): number {
  const width = words.length;
  let low = 0;
  let high = ranges.length / (2 * width);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWords(ranges, middle * 2 * width, words) <= 0) low = middle + 1;
    else high = middle;
  }
  const at = (low - 1) * 2 * width;
  return low > 0 && compareWords(ranges, at + width, words) >= 0 ? at : -1;
}

function areRangesWithin(inner: readonly number[], outer: readonly number[], width: number): boolean {
  for (let at = 0; at < inner.length; at += 2 * width) {
    const found = rangeFrom(outer, inner.slice(at, at + width));
    if (found === -1 || compareWords(outer, found + width, inner.slice(at + width, at + 2 * width)) < 0) return false;
  }
  return true;
}

/** Index of the entry that, with those before it, leaves no address of its family out. */
function firstThatOpens(networks: readonly Network[]): number {
  return networks.findIndex(({ first }, index) =>
    isEverything(mergedRanges(networks.slice(0, index + 1), first.length), first.length),
  );
}

function isEverything(ranges: readonly number[], width: number): boolean {
  return (
    ranges.length === 2 * width &&
    ranges.slice(0, width).every((word) => word === 0) &&
    ranges.slice(width).every((word) => word === 0xffffffff)
  );
}

/** Compares the address at `offset` of `ranges` with `words`. */
function compareWords(ranges: readonly number[], offset: number, words: AddressWords): number {
  for (let at = 0; at < words.length; at++) {
    const difference = (ranges[offset + at] as number) - (words[at] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
