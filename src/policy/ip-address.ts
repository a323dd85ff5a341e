/** An address as unsigned 32-bit words, most significant first: one word is IPv4, four are IPv6. */
export type AddressWords = readonly number[];

const TEXT_MAX = 64;
const HEX_DIGITS = '0123456789abcdefABCDEF';
const ZONE = /^[0-9A-Za-z._~-]+$/;

/**
 * Reads one IPv4 or IPv6 address, strictly: four decimal parts without leading zeros, or RFC 4291 groups, no brackets,
 * port or zone. An IPv4-mapped address (`::ffff:0:0/96`) is the IPv4 address; no other embedding is.
 */
export function readAddress(text: string): AddressWords | null {
  const words = readAddressAsWritten(text);
  return words !== null && isMapped(words) ? words.slice(3) : words;
}

/** The same without turning a mapped address into IPv4, for networks that are wider than the mapped ones. */
export function readAddressAsWritten(text: string): AddressWords | null {
  if (text.length > TEXT_MAX) return null;
  return text.includes(':') ? readV6(text) : readV4(text);
}

export function isMapped(words: AddressWords): boolean {
  return words.length === 4 && words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** Writes an address in its one canonical form: dotted IPv4, or RFC 5952. */
export function formatAddress(words: AddressWords): string {
  return words.length === 1 ? formatV4(words[0] as number) : formatV6(words);
}

/**
 * The canonical text of a client address. A zone is understood on link-local addresses only, and dropped.
 * @returns null when the text is not an address.
 */
export function canonicalAddress(text: string): string | null {
  const words = readClientAddress(text);
  return words === null ? null : formatAddress(words);
}

/** Reads a client address as `canonicalAddress` does, to its words. */
export function readClientAddress(text: string): AddressWords | null {
  const zoneAt = text.indexOf('%');
  if (zoneAt === -1) return readAddress(text);
  const words =
    text.length > TEXT_MAX || !ZONE.test(text.slice(zoneAt + 1)) ? null : readAddress(text.slice(0, zoneAt));
  return words !== null && isLinkLocal(words) ? words : null;
}

function isLinkLocal(words: AddressWords): boolean {
  return words.length === 4 && (words[0] as number) >>> 22 === 0xfe80 >>> 6;
}

function readV4(text: string): AddressWords | null {
  let word = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (part === -1 || ++dots > 3) return null;
      word = word * 256 + part;
      part = -1;
    } else if (code >= 0x30 && code <= 0x39) {
      if (part === 0) return null;
      part = (part === -1 ? 0 : part * 10) + code - 0x30;
      if (part > 255) return null;
    } else {
      return null;
    }
  }
  return dots === 3 && part !== -1 ? [word * 256 + part] : null;
}

function readV6(text: string): AddressWords | null {
  const groups: number[] = [];
  let gapAt = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gapAt = 0;
    at = 2;
  }
  while (at < text.length) {
    const colon = text.indexOf(':', at);
    const end = colon === -1 ? text.length : colon;
    const group = readGroup(text, at, end);
    if (group !== -1) {
      groups.push(group);
    } else {
      const v4 = colon === -1 ? readV4(text.slice(at)) : null;
      if (v4 === null) return null;
      groups.push((v4[0] as number) >>> 16, (v4[0] as number) & 0xffff);
    }
    at = end + 1;
    if (at === text.length) return null;
    if (text[at] === ':') {
      if (gapAt !== -1) return null;
      gapAt = groups.length;
      at++;
    }
  }
  return wordsOf(groups, gapAt);
}

/** Reads one to four hexadecimal digits; -1 when the text between is anything else. */
function readGroup(text: string, start: number, end: number): number {
  if (end === start || end - start > 4) return -1;
  let group = 0;
  for (let at = start; at < end; at++) {
    const digit = HEX_DIGITS.indexOf(text[at] as string);
    if (digit === -1) return -1;
    group = group * 16 + (digit < 16 ? digit : digit - 6);
  }
  return group;
}

/** @param gapAt how many groups stand before `::`, which replaces at least one; -1 where there is none. */
function wordsOf(groups: readonly number[], gapAt: number): AddressWords | null {
  const missing = 8 - groups.length;
  if (gapAt === -1 ? missing !== 0 : missing < 1) return null;
  const groupAt = (at: number): number => {
    if (gapAt === -1 || at < gapAt) return groups[at] as number;
    return at < gapAt + missing ? 0 : (groups[at - missing] as number);
  };
  return [0, 2, 4, 6].map((at) => groupAt(at) * 0x10000 + groupAt(at + 1));
}

function formatV4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function formatV6(words: AddressWords): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let zerosAt = 0;
  let zeros = 1;
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (groups[end] === 0) end++;
    if (end - at > zeros) [zerosAt, zeros] = [at, end - at];
  }
  const hex = groups.map((group) => group.toString(16));
  if (zeros === 1) return hex.join(':');
  return `${hex.slice(0, zerosAt).join(':')}::${hex.slice(zerosAt + zeros).join(':')}`;
}
