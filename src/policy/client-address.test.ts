import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';
import { type IpAllowlist, parseIpAllowlist } from './ip-allowlist.ts';

function proxies(...entries: string[]): IpAllowlist {
  const result = parseIpAllowlist(entries, { allowAny: true });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.list;
}

describe('the address of a client', () => {
  const trusted = proxies('10.0.0.0/8', 'fd00::/8');

  it('row 31: is the peer where no proxy is trusted, whatever the header says', () => {
    expect(clientAddress('203.0.113.9', ['198.51.100.1'], null)).toBe('203.0.113.9');
    expect(clientAddress('203.0.113.9', ['198.51.100.1'], trusted)).toBe('203.0.113.9');
    expect(clientAddress('::ffff:203.0.113.9', [], null)).toBe('203.0.113.9');
  });

  it('row 31: is the first hop from the right that is not a trusted proxy', () => {
    expect(clientAddress('10.0.0.1', ['198.51.100.1'], trusted)).toBe('198.51.100.1');
    expect(clientAddress('10.0.0.1', ['1.1.1.1, 198.51.100.1 ,\t10.9.9.9'], trusted)).toBe('198.51.100.1');
    expect(clientAddress('::ffff:10.0.0.1', ['1.1.1.1', '198.51.100.1', 'fd00::7'], trusted)).toBe('198.51.100.1');
    expect(clientAddress('10.0.0.1', ['::FFFF:198.51.100.1'], trusted)).toBe('198.51.100.1');
  });

  it('row 31: is the leftmost hop when all are trusted, and the proxy itself when it names none', () => {
    expect(clientAddress('10.0.0.1', ['10.0.0.3, 10.0.0.2'], trusted)).toBe('10.0.0.3');
    expect(clientAddress('10.0.0.1', [], trusted)).toBe('10.0.0.1');
  });

  it.each([
    'unknown',
    '',
    '198.51.100.1:443',
    '[2001:db8::1]',
    'for=198.51.100.1',
    '198.51.100.1,',
    '\u00a0198.51.100.1',
    '198.51.100.1, x',
  ])('row 31: is unknown behind the hop in %j', (line) =>
    expect(clientAddress('10.0.0.1', ['198.51.100.7', line], trusted)).toBe(null),
  );

  it('row 31: garbage to the left of the client is never looked at', () => {
    expect(clientAddress('10.0.0.1', ['garbage, , 198.51.100.1'], trusted)).toBe('198.51.100.1');
  });

  it('row 38: is unknown without a peer address', () => {
    expect(clientAddress(null, ['198.51.100.1'], trusted)).toBe(null);
    expect(clientAddress('', ['198.51.100.1'], trusted)).toBe(null);
    expect(clientAddress('/run/keyhouse.sock', [], null)).toBe(null);
  });

  it('row 31: survives a header of a thousand hops', () => {
    const hops = Array.from({ length: 1000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`);
    expect(clientAddress('10.0.0.1', ['198.51.100.1', hops.join(', ')], trusted)).toBe('198.51.100.1');
  });

  it('row 31: agrees with walking a plain list of hops from its end', () => {
    const hop = fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1', '198.51.100.1', '2001:db8::1', 'nobody');
    fc.assert(
      fc.property(hop, fc.array(fc.array(hop, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (peer, lines) => {
        const isProxy = (text: string): boolean => text.startsWith('10.') || text.startsWith('fd00:');
        const walked = [...lines.flat(), peer];
        const found = walked.findLast((text) => !isProxy(text)) ?? walked[0];
        const seen = clientAddress(
          peer,
          lines.map((line) => line.join(', ')),
          trusted,
        );
        expect(seen).toBe(found === 'nobody' ? null : found);
      }),
      { numRuns: 5_000 },
    );
  });
});
