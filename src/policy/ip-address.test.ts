import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, readAddress } from './ip-address.ts';

/** One of the many spellings of the same 128 bits: leading zeros, either case, any run of zeros shortened, dotted end. */
const spelling = fc
  .record({
    groups: fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }),
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
    isUpper: fc.boolean(),
    isDotted: fc.boolean(),
    run: fc.nat(30),
  })
  .map(({ groups, widths, isUpper, isDotted, run }) => {
    const value = groups.reduce((bits, group) => bits * 65_536n + BigInt(group), 0n);
    const texts = groups.map((group, at) => group.toString(16).padStart(widths[at] as number, '0'));
    const last = groups.slice(6).flatMap((group) => [group >> 8, group % 256]);
    const parts = isDotted ? [...texts.slice(0, 6), last.join('.')] : texts;
    const zeroRuns: [number, number][] = [];
    for (let from = 0; from < 8; from++) {
      for (let to = from + 1; to <= (isDotted ? 6 : 8); to++) {
        if (groups.slice(from, to).every((group) => group === 0)) zeroRuns.push([from, to]);
      }
    }
    const chosen = zeroRuns[run % Math.max(1, zeroRuns.length)];
    const text =
      chosen === undefined
        ? parts.join(':')
        : `${parts.slice(0, chosen[0]).join(':')}::${parts.slice(chosen[1]).join(':')}`;
    return { value, text: isUpper ? text.toUpperCase() : text };
  });

function bitsOf(text: string): bigint {
  return (readAddress(text) as readonly number[]).reduce((bits, word) => bits * 2n ** 32n + BigInt(word), 0n);
}

describe('reading addresses', () => {
  it('row 33: every spelling of an address has the same bits and the same canonical text', () => {
    fc.assert(
      fc.property(spelling, ({ value, text }) => {
        const isMapped = value >> 32n === 0xffffn;
        expect(bitsOf(text)).toBe(isMapped ? value % 2n ** 32n : value);
        const canonical = canonicalAddress(text) as string;
        expect(bitsOf(canonical)).toBe(bitsOf(text));
        expect(canonicalAddress(canonical)).toBe(canonical);
        expect(canonical).toBe(
          isMapped ? canonical.replace(/[^0-9.]/g, '') : new URL(`http://[${text}]/`).hostname.slice(1, -1),
        );
      }),
      { numRuns: 10_000 },
    );
  });

  it('rows 33 and 36: accepts what node:net accepts as an address without zone, and nothing else', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'0123456789abfF::::...gx% /'), maxLength: 24 });
    const damaged = fc
      .tuple(spelling, fc.nat(45), fc.constantFrom('', ':', '.', '0', 'g', '1', 'ffff', '.1'))
      .map(([{ text }, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1));
    const part = fc.constantFrom('0', '1', '01', '255', '256', '-1', '', '1e1', '0x1', '９', ' 1', '99', '1000');
    const dotted = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.oneof(letters, damaged, dotted), (text) => {
        fc.pre(!text.includes('%'));
        expect(readAddress(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 50_000 },
    );
  });

  it.each([
    '010.0.0.1',
    '127.1',
    '0x7f.1',
    '1.2.3.4:80',
    '[::1]',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '１.2.3.4',
    '1.2.3',
    '',
    '::1%',
    'a'.repeat(100_000),
  ])('row 36: %j is not an address', (text) => expect(canonicalAddress(text)).toBe(null));

  it.each([
    '::ffff:203.0.113.5',
    '::ffff:cb00:7105',
    '::FFFF:CB00:7105',
    '0:0:0:0:0:ffff:203.0.113.5',
    '0000::ffff:cb00:7105',
  ])('row 33: %s is 203.0.113.5', (text) => expect(canonicalAddress(text)).toBe('203.0.113.5'));

  it.each([
    ['::203.0.113.5', '::cb00:7105'],
    ['64:ff9b::203.0.113.5', '64:ff9b::cb00:7105'],
    ['2002:cb00:7105::', '2002:cb00:7105::'],
    ['::ffff:0:203.0.113.5', '::ffff:0:cb00:7105'],
  ])('row 34: %s is no IPv4 address', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

  it('row 36: a zone is dropped from a link-local client address and refused on any other', () => {
    expect(canonicalAddress('fe80::1%eth0')).toBe('fe80::1');
    expect(canonicalAddress('febf::1%3')).toBe('febf::1');
    expect(canonicalAddress('fec0::1%eth0')).toBe(null);
    expect(canonicalAddress('2001:db8::1%eth0')).toBe(null);
    expect(canonicalAddress('203.0.113.5%eth0')).toBe(null);
    expect(canonicalAddress('fe80::1%')).toBe(null);
    expect(canonicalAddress('fe80::1%a%b')).toBe(null);
    expect(canonicalAddress('fe80::1%e\n')).toBe(null);
  });

  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::1:2:3:4:5:6:7', '0:1:2:3:4:5:6:7'],
  ])('writes %s as %s (RFC 5952)', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));
});
