import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsAddress, IP_ENTRIES_MAX, type IpAllowlist, isIpSubset, parseIpAllowlist } from './ip-allowlist.ts';

function compiled(entries: readonly string[], allowAny = true): IpAllowlist {
  const result = parseIpAllowlist(entries, { allowAny });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.list;
}

function messageOf(entry: string): string | undefined {
  const result = parseIpAllowlist([entry]);
  return result.ok ? undefined : result.errors[0]?.message;
}

interface Bits {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Bits to text, the longest way. The oracle below never reads a text: it knows the bits each text was made from. */
function spell({ family, value }: Bits): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  return Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':');
}

interface Cidr extends Bits {
  readonly prefix: number;
}

/** Compares bit for bit, as text, from the left. */
function oracleHolds(network: Cidr, address: Bits): boolean {
  const width = network.family === 4 ? 32 : 128;
  const bits = (value: bigint): string => value.toString(2).padStart(width, '0').slice(0, network.prefix);
  return network.family === address.family && bits(network.value) === bits(address.value);
}

// Few distinct bits, so that networks nest, touch and miss each other by one.
const family = fc.constantFrom<4 | 6>(4, 6);
const bits = fc.tuple(family, fc.nat(255), fc.nat(255)).map(([of, high, low]): Bits => {
  const [top, base] = of === 4 ? [24n, 0n] : [120n, 0x2n << 96n];
  return { family: of, value: (BigInt(high) << top) | (of === 6 ? base : 0n) | BigInt(low) };
});
const cidr = fc.tuple(bits, fc.nat(128)).map(([{ family: of, value }, length]): Cidr => {
  const width = of === 4 ? 32 : 128;
  const prefix = Math.min(width, length % 2 === 0 ? width - (length % 9) : length % (width + 1));
  const hostBits = BigInt(width - prefix);
  return { family: of, value: (value >> hostBits) << hostBits, prefix };
});
const textOf = (network: Cidr): string => `${spell(network)}/${network.prefix}`;
const neighbours = (networks: readonly Cidr[]): Bits[] =>
  networks.flatMap(({ family: of, value, prefix }) => {
    const width = of === 4 ? 32n : 128n;
    const size = 1n << (width - BigInt(prefix));
    return [value - 1n, value, value + size - 1n, value + size]
      .filter((address) => address >= 0n && address < 1n << width)
      .map((address) => ({ family: of, value: address }));
  });

describe('IP allowlists', () => {
  it('row 36: allow exactly the addresses a bit-by-bit comparison allows', () => {
    fc.assert(
      fc.property(
        fc.array(cidr, { minLength: 1, maxLength: 12 }),
        fc.array(bits, { maxLength: 8 }),
        (networks, also) => {
          const list = compiled(networks.map(textOf));
          for (const address of [...also, ...neighbours(networks)]) {
            const isMapped = address.family === 6 && address.value >> 32n === 0xffffn;
            fc.pre(!isMapped);
            expect(allowsAddress(list, spell(address))).toBe(networks.some((network) => oracleHolds(network, address)));
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('rows 25 and 36: one list is within another exactly when every address of it is', () => {
    // Prefixes long enough that every address can be looked at.
    const small = fc.tuple(family, fc.nat(15), fc.nat(4)).map(([of, low, host]): Cidr => {
      const width = of === 4 ? 32 : 128;
      const base = of === 4 ? 0xcb007100n : 0x20010db8n << 96n;
      return { family: of, value: base + ((BigInt(low) >> BigInt(host)) << BigInt(host)), prefix: width - host };
    });
    const lists = fc.array(small, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lists, lists, (inner, outer) => {
        const isWithin = inner.every((network) =>
          Array.from({ length: 16 }, (_, at) => ({
            family: network.family,
            value: ((network.value >> 4n) << 4n) + BigInt(at),
          }))
            .filter((address) => oracleHolds(network, address))
            .every((address) => outer.some((other) => oracleHolds(other, address))),
        );
        expect(isIpSubset(inner.map(textOf), outer.map(textOf))).toBe(isWithin);
      }),
      { numRuns: 5_000 },
    );
  });

  it('row 25: no restriction is wider than any list', () => {
    expect(isIpSubset(null, null)).toBe(true);
    expect(isIpSubset(['10.0.0.1'], null)).toBe(true);
    expect(isIpSubset(null, ['0.0.0.0/0', '::/0'])).toBe(false);
    expect(isIpSubset(['10.0.0.1'], ['not a list'])).toBe(false);
    expect(isIpSubset([], ['10.0.0.1'])).toBe(false);
    expect(isIpSubset(['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1'])).toBe(true);
  });

  it('row 33: an IPv4-mapped address is the IPv4 address, in the list and at the door', () => {
    for (const text of ['203.0.113.5', '::ffff:203.0.113.5', '::ffff:cb00:7105', '::FFFF:CB00:7105']) {
      const list = compiled([text], false);
      expect(list.entries).toEqual(['203.0.113.5']);
      expect(allowsAddress(list, '203.0.113.5')).toBe(true);
      expect(allowsAddress(compiled(['203.0.113.0/24']), text)).toBe(true);
    }
    expect(compiled(['::ffff:203.0.113.0/120'], false).entries).toEqual(['203.0.113.0/24']);
  });

  it.each(['::203.0.113.5', '64:ff9b::203.0.113.5', '2002:cb00:7105::', '::ffff:0:203.0.113.5'])(
    'row 34: %s is not 203.0.113.5',
    (text) => {
      expect(allowsAddress(compiled(['203.0.113.5']), text)).toBe(false);
      expect(allowsAddress(compiled([text]), '203.0.113.5')).toBe(false);
    },
  );

  it.each([['0.0.0.0/0'], ['::/0'], ['::ffff:0:0/96'], ['0.0.0.0/1', '128.0.0.0/1'], ['8000::/1', '::/2', '4000::/2']])(
    'row 35: %s is refused unless any address may be allowed',
    (...entries) => {
      const result = parseIpAllowlist(entries);
      expect(result).toMatchObject({ ok: false, errors: [{ index: entries.length - 1 }] });
      expect(parseIpAllowlist(entries, { allowAny: true }).ok).toBe(true);
    },
  );

  it('row 35: an IPv6 network never lets an IPv4 client in, nor the reverse', () => {
    expect(allowsAddress(compiled(['::/0']), '203.0.113.5')).toBe(false);
    expect(allowsAddress(compiled(['::/0']), '::ffff:203.0.113.5')).toBe(false);
    expect(allowsAddress(compiled(['0.0.0.0/0']), '2001:db8::1')).toBe(false);
    expect(allowsAddress(compiled(['::ffff:0:0/96']), '203.0.113.5')).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '010.0.0.1',
    '127.1',
    '0x7f.1',
    '1.2.3.4:80',
    '[::1]',
    ' 1.2.3.4',
    '1.2.3.4 # office',
    'fe80::1%eth0',
    '１.2.3.4',
    '10.0.0.0/８',
    'localhost',
    '*',
    '10.0.0.*',
    '10.0.0.1-10.0.0.9',
    '',
  ])('row 36: refuses %j and says which entry it was', (entry) => {
    expect(parseIpAllowlist(['192.0.2.1', entry, '192.0.2.2'])).toMatchObject({ ok: false, errors: [{ index: 1 }] });
  });

  it('row 36: reports every bad entry at once', () => {
    const result = parseIpAllowlist(['x', '192.0.2.1', '10.0.0.1/8', '::1/64']);
    expect(result.ok ? [] : result.errors.map(({ index }) => index)).toEqual([0, 2, 3]);
  });

  it('row 36: suggests the network where host bits are set', () => {
    expect(messageOf('203.0.113.77/24')).toContain('203.0.113.0/24');
    expect(messageOf('2001:db8::1/32')).toContain('2001:db8::/32');
    expect(messageOf('::ffff:203.0.113.77/120')).toContain('203.0.113.0/24');
    expect(messageOf('::ffff:0:0/95')).toContain('::fffe:0:0/95');
  });

  it('row 37: an empty list and one of more than 256 entries are refused; 256 are not', () => {
    const entries = Array.from({ length: IP_ENTRIES_MAX + 1 }, (_, at) => `10.0.${at >> 7}.${(at & 127) * 2}`);
    expect(parseIpAllowlist([])).toMatchObject({ ok: false });
    expect(parseIpAllowlist(entries)).toMatchObject({ ok: false, errors: [{ index: 256 }] });
    expect(compiled(entries.slice(1)).v4).toHaveLength(512);
  });

  it('row 37: keeps touching and nested networks as one range, and the entries as they were meant', () => {
    const list = compiled(['10.0.1.0/24', '10.0.0.0/24', '10.0.0.7', '10.0.0.7/32', '10.0.1.0/24']);
    expect(list.v4).toEqual([0x0a000000, 0x0a0001ff]);
    expect(list.entries).toEqual(['10.0.1.0/24', '10.0.0.0/24', '10.0.0.7']);
  });

  it('row 38: an unknown address is allowed by no list', () => {
    const list = compiled(['0.0.0.0/0', '::/0']);
    expect(allowsAddress(list, null)).toBe(false);
    expect(allowsAddress(list, 'unknown')).toBe(false);
    expect(allowsAddress(list, '')).toBe(false);
  });

  it('what was canonical stays as it is', () => {
    fc.assert(
      fc.property(fc.array(cidr, { minLength: 1, maxLength: 6 }), (networks) => {
        const { entries, v4, v6 } = compiled(networks.map(textOf));
        expect(compiled(entries)).toEqual({ entries, v4, v6 });
      }),
      { numRuns: 1_000 },
    );
  });
});
