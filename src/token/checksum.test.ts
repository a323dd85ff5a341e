import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE62_ALPHABET } from './base62.ts';
import { checksum } from './checksum.ts';

describe('checksum', () => {
  it('agrees with the published sample of the same scheme, ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ + 0mLq17', () => {
    expect(checksum('zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ')).toBe('0mLq17');
  });

  it('is zlib’s CRC-32 written in base62, whatever the characters', () => {
    const bodies = fc.string({ unit: fc.constantFrom(...BASE62_ALPHABET), minLength: 0, maxLength: 64 });
    fc.assert(
      fc.property(bodies, (body) => {
        expect(base62Number(checksum(body))).toBe(crc32(body));
      }),
    );
  });

  it('always has six characters, small numbers padded with 0', () => {
    expect(checksum('')).toBe('000000');
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (body) => {
        expect(checksum(body)).toMatch(/^[0-9A-Za-z]{6}$/);
      }),
    );
  });
});

function base62Number(digits: string): number {
  return [...digits].reduce((sum, digit) => sum * 62 + BASE62_ALPHABET.indexOf(digit), 0);
}
